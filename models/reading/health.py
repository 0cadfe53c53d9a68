"""Totals for watching the service."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from models.steps import UNFINISHED
from models.tables import message, notice, step, workflow


def one(connection: Connection) -> int:
    """The least question a database can answer."""
    return int(connection.execute(select(1)).scalar_one())


def totals(connection: Connection, at: datetime) -> tuple[int, int, int, int, int]:
    """(unfinished steps, overdue steps, dirty workflows, pending notices, unsent messages) at the instant ``at``."""
    questions = (
        select(func.count()).select_from(step).where(UNFINISHED),
        select(func.count()).select_from(step).where(UNFINISHED, step.c.due_at <= at),
        select(func.count()).select_from(workflow).where(workflow.c.wake > workflow.c.woken),
        select(func.count()).select_from(notice).where(notice.c.state == "pending"),
        select(func.count()).select_from(message).where(message.c.state.in_(("pending", "sending"))),
    )
    row = connection.execute(select(*(question.scalar_subquery() for question in questions))).one()
    return (row[0], row[1], row[2], row[3], row[4])
