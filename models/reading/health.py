"""Totals for watching the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from models.steps import UNFINISHED
from models.tables import journal_stream, message, notice, step, workflow


@dataclass(frozen=True, slots=True)
class Totals:
    """Over the whole office at one instant."""

    unfinished_steps: int
    overdue_steps: int
    dirty_workflows: int
    pending_notices: int
    unsent_messages: int
    journal_entries: int


def totals(connection: Connection, at: datetime) -> Totals:
    """The totals at the instant ``at`` (business time), in one statement."""
    of_workflows, of_others = (select(func.coalesce(func.sum(t.c.seq), 0)) for t in (workflow, journal_stream))
    questions = (
        select(func.count()).select_from(step).where(UNFINISHED),
        select(func.count()).select_from(step).where(UNFINISHED, step.c.due_at <= at),
        select(func.count()).select_from(workflow).where(workflow.c.wake > workflow.c.woken),
        select(func.count()).select_from(notice).where(notice.c.state == "pending"),
        select(func.count()).select_from(message).where(message.c.state.in_(("pending", "sending"))),
        of_workflows,
        of_others,
    )
    row = connection.execute(select(*(question.scalar_subquery() for question in questions))).one()
    return Totals(row[0], row[1], row[2], row[3], row[4], int(row[5] + row[6]))


def by_status(connection: Connection) -> dict[str, int]:
    """Steps by work status."""
    rows = connection.execute(select(step.c.status, func.count().label("steps")).group_by(step.c.status))
    return {row.status: row.steps for row in rows}


def by_state(connection: Connection) -> dict[str, int]:
    """Messages by state."""
    rows = connection.execute(select(message.c.state, func.count().label("messages")).group_by(message.c.state))
    return {row.state: row.messages for row in rows}


def oldest_unsent(connection: Connection) -> datetime | None:
    """System time at which the oldest message that has not left was made."""
    query = select(func.min(message.c.created_at)).where(message.c.state.in_(("pending", "sending")))
    found: datetime | None = connection.execute(query).scalar_one()
    return found
