"""What falls due between two instants, by the partial indexes: unfinished steps, and submitted ones that wait for a decision."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from engine.access import Actor
from models.reading.lines import StepRow, fetch, step_lines
from models.reading.marks import UNFINISHED
from models.tables import step


def falling_due(
    connection: Connection, actor: Actor, after: datetime, until: datetime, units: Collection[str], limit: int
) -> tuple[StepRow, ...]:
    """Unfinished steps due after ``after`` up to ``until``, of ``units`` (of all where it is empty), the earliest first."""
    query = step_lines(actor).where(UNFINISHED, step.c.due_at > after, step.c.due_at <= until)
    if units:
        query = query.where(step.c.lead.in_(sorted(units)))
    return fetch(connection, query.order_by(step.c.due_at, step.c.workflow_id, step.c.id).limit(limit))


def to_decide(
    connection: Connection, actor: Actor, after: datetime, until: datetime, units: Collection[str], limit: int
) -> tuple[StepRow, ...]:
    """Submitted steps whose approver's own date lies in that time; ``units`` are those whose clock runs."""
    query = step_lines(actor).where(UNFINISHED, step.c.approval_due_at > after, step.c.approval_due_at <= until)
    if units:
        query = query.where(step.c.clock_holder.in_(sorted(units)))
    return fetch(connection, query.order_by(step.c.approval_due_at, step.c.workflow_id, step.c.id).limit(limit))
