"""What some actions look at besides the step: read under its lock, and only for the actions that need it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.compiled import CompiledWorkflow
from engine.mentions import names_somebody
from engine.step_state import StepState
from engine.transitions import Action
from models.handlers import to_name
from models.readers import readers
from services.correcting import what_stands
from services.figure_inputs import sums_of


def besides(
    connection: Connection, action: Action, payload: dict[str, Any], step: StepState, workflow: CompiledWorkflow, workflow_id: int,
    today: date,
) -> dict[str, Any]:  # fmt: skip
    """For a comment that names people its readers, for naming a handler the lead unit's people, for consolidating the sums, for a
    correction what stands; {} for every other action."""
    if action is Action.COMMENT and names_somebody(payload):
        return {row.login: row.id for row in readers(connection, step.id, today)}
    if action is Action.NAME_HANDLER:
        return to_name(connection, step.lead)
    if action is Action.CONSOLIDATE:
        return sums_of(connection, workflow_id, workflow.sums.get(step.code, ()))
    return what_stands(connection, step, payload.get("field")) if action is Action.CORRECT else {}
