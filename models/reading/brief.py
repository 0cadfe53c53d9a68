"""What has changed since a day: one pass over the steps that a reader may know of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from engine.access import Actor
from engine.instants import Now, start_of_day
from engine.statuses import UNFINISHED as OPEN
from engine.statuses import WorkStatus
from models.tables import step
from models.visible import visible

S = WorkStatus


@dataclass(frozen=True, slots=True)
class Changes:
    """How many steps were finished, handed in and wait for an answer, returned and still are, became overdue, were opened."""

    done: int
    submitted: int
    returned: int
    overdue: int
    opened: int


def changes(connection: Connection, viewer: Actor, since: date, now: Now) -> Changes:
    """What happened from the start of the local day ``since`` to ``now``, as far as it still shows on the steps."""
    first = start_of_day(since)
    unfinished = step.c.status.in_(sorted(OPEN))
    columns = (
        _sum(and_(step.c.status == S.DONE, step.c.done_on >= since)),
        _sum(and_(step.c.status == S.SUBMITTED, step.c.submitted_on >= since)),
        _sum(and_(step.c.status == S.RETURNED, step.c.changed_at >= first)),
        _sum(and_(unfinished, step.c.due_at >= first, step.c.due_at <= now.business)),
        _sum(and_(unfinished, step.c.opened_on >= since)),
    )
    return Changes(*connection.execute(visible(select(*columns).select_from(step), viewer)).one())


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
