"""A running workflow as an amendment sees it: read here, judged by `engine.amending`. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.amending.change import Difference, Standing
from engine.amending.difference import Running, difference
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow, compile_workflow
from engine.definition import PlanDefinition
from engine.instants import Now
from engine.step_state import Ledger, StepState, from_row
from models import amending as sql
from models import publishing, running_dates
from services.definitions import cycle_of, workflow_of
from services.journaling import stream_of


@dataclass(frozen=True, slots=True)
class Amended:
    """One workflow with what the next version would make of it. ``steps``: as they stand, by id; ``positions``: their last place."""

    row: Any
    old: CompiledWorkflow
    new: CompiledWorkflow
    running: Running
    difference: Difference
    steps: dict[int, StepState]
    last_position: int


def compiled_in(plan: PlanDefinition, key_task: str, code: str) -> CompiledWorkflow | None:
    """The workflow of ``plan`` with this key task ("" for none) and code, compiled; None if it has none."""
    for task, definition in plan.workflows():
        if (task or "", definition.code) == (key_task, code):
            return compile_workflow(plan, task, definition)
    return None


def amended(connection: Connection, row: Any, new: CompiledWorkflow, now: Now, calendar: WorkCalendar) -> Amended:
    """The workflow ``row`` under ``new``."""
    rows = sql.steps(connection, row["id"])
    ledgers = running_dates.ledgers(connection, [step["id"] for step in rows])
    old = workflow_of(connection, row)
    removed = sql.removed_steps(connection, stream_of(row["id"])) if any(s.withdrawn for s in old.definition.steps) else frozenset()
    standing = tuple(
        Standing(
            from_row(step), step["planned_on"], step["not_before"], step["flagged"],
            tuple(Ledger(e.kind, e.due_on, working_days=e.working_days) for e in ledgers[step["id"]]), step["id"] in removed,
        )
        for step in rows
    )  # fmt: skip
    cycle = cycle_of(row)
    running = Running(old, new, cycle, standing, row["counts"], members_on(connection, cycle.opens_on), now.today, calendar)
    last = max((step["position"] for step in rows), default=-1)
    return Amended(row, old, new, running, difference(running), {s.step.id: s.step for s in standing}, last)


def members_on(connection: Connection, day: Any) -> Callable[[str], tuple[str, ...]]:
    """The units of a group as it is on ``day``."""
    return lambda group: publishing.members_of(connection, group, day)
