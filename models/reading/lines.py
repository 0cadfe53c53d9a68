"""A step as lists show it: the columns and the row, the same for every list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Join, Row, Select, case, select

from engine.access import Actor
from engine.statuses import WITH_UNIT
from models.tables import step, workflow
from models.visible import in_full, visible

STEPS_OF_WORKFLOWS: Join = step.join(workflow, workflow.c.id == step.c.workflow_id)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step with what its workflow adds. ``in_full``: the reader may see more than title, unit, status and dates.

    ``holder``: the unit whose clock runs, None while nobody's does. Days are local, instants aware and in UTC.
    """

    id: int
    workflow_id: int
    plan_id: int
    code: str
    slot: str
    lead: str
    status: str
    due_on: date | None
    planned_on: date | None
    original_due_on: date | None
    due_at: datetime | None
    soon_at: datetime | None
    submitted_on: date | None
    done_on: date | None
    approval_due_on: date | None
    link: int
    link_approved: list[str]
    extensions: int
    extension: dict[str, Any] | None
    window_first: date | None
    window_last: date | None
    choose_by: date | None
    chosen_on: date | None
    not_before: date | None
    round: int
    flagged: bool
    suspended_on: date | None
    version_id: int
    key_task: str
    cycle: str
    counts: dict[str, Any]
    confidential: bool
    anchor_on: date | None
    workflow_code: str
    workflow_lead: str
    holder: str | None
    in_full: bool


_STEP = tuple(name for name in StepRow.__slots__ if name in step.c)
_WORKFLOW = tuple(name for name in StepRow.__slots__ if name not in step.c and name in workflow.c)


def step_lines(actor: Actor) -> Select[Any]:
    """The query of steps that ``actor`` may know of; narrow, order and limit it, then give it to `fetch`."""
    columns = [
        *(step.c[name] for name in _STEP),
        *(workflow.c[name] for name in _WORKFLOW),
        workflow.c.code.label("workflow_code"),
        workflow.c.lead.label("workflow_lead"),
        case((step.c.status.in_(sorted(WITH_UNIT)), step.c.lead), else_=step.c.clock_holder).label("holder"),
        in_full(actor).label("in_full"),
    ]
    return visible(select(*columns).select_from(STEPS_OF_WORKFLOWS), actor)


def fetch(connection: Connection, query: Select[Any]) -> tuple[StepRow, ...]:
    """The rows of a query made by `step_lines`."""
    return tuple(_rows(connection.execute(query)))


def _rows(rows: Iterable[Row[Any]]) -> Iterable[StepRow]:
    for row in rows:
        yield StepRow(**row._mapping)
