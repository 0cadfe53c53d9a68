"""A step as lists show it: the columns and the row, the same for every list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, case, select

from engine.access import Actor
from engine.statuses import WITH_UNIT, WorkStatus
from models.chunks import chunks
from models.tables import step, workflow
from models.visible import STEPS_OF_WORKFLOWS, in_full_each, visible


class StepRow(NamedTuple):
    """One step with what its workflow adds. ``in_full``: the reader may see more than title, unit, status and dates.

    ``holder``: the unit whose clock runs, None while nobody's does. Days are local, instants aware and in UTC. ``counts`` stand there only
    for a waiting step and ``link_approved`` only for a submitted one: reading JSON that nobody asks costs a third of a list.
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
    link_approved: list[str] | None
    extensions: int
    extension: dict[str, Any] | None
    window_first: date | None
    window_last: date | None
    choose_by: date | None
    chosen_on: date | None
    not_before: date | None
    round: int
    flagged: bool
    recorded: bool
    suspended_on: date | None
    handler: int | None
    closed_on: date | None
    version_id: int
    key_task: str
    cycle: str
    counts: dict[str, Any] | None
    confidential: bool
    anchor_on: date | None
    workflow_code: str
    workflow_lead: str
    holder: str | None
    in_full: bool


_SAID = {  # the columns that are not simply the step's or its workflow's
    "workflow_code": workflow.c.code,
    "workflow_lead": workflow.c.lead,
    "counts": case((step.c.status == WorkStatus.WAITING, workflow.c.counts)),
    "link_approved": case((step.c.status == WorkStatus.SUBMITTED, step.c.link_approved)),
    "holder": case((step.c.status.in_(sorted(WITH_UNIT)), step.c.lead), else_=step.c.clock_holder),
}
*_NAMES, _LAST = StepRow._fields
assert _LAST == "in_full"
_COLUMNS = [_SAID[name].label(name) if name in _SAID else step.c[name] if name in step.c else workflow.c[name] for name in _NAMES]


@lru_cache(maxsize=128)
def step_lines(actor: Actor) -> Select[Any]:
    """The query of steps that ``actor`` may know of; narrow, order and limit it, then give it to `fetch`.

    Its columns stand in the order of the fields of `StepRow`.
    """
    return visible(select(*_COLUMNS, in_full_each(actor).label(_LAST)).select_from(STEPS_OF_WORKFLOWS), actor)


def fetch(connection: Connection, query: Select[Any], values: dict[str, Any] | None = None) -> tuple[StepRow, ...]:
    """The rows of a query made by `step_lines`; ``values`` of its parameters, where it names any."""
    return tuple(map(StepRow._make, connection.execute(query, values)))


def by_ids(connection: Connection, actor: Actor, step_ids: Iterable[int]) -> tuple[StepRow, ...]:
    """Those of ``step_ids`` that ``actor`` may know of, by id."""
    query = step_lines(actor).order_by(step.c.id)
    return tuple(row for ids in chunks(step_ids) for row in fetch(connection, query.where(step.c.id.in_(ids))))
