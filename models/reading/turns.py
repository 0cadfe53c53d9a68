"""What attributing late days reads: the facts of a workflow's journal, its steps, its deadline ledgers.

Not narrowed by person: what comes of it names units and counts days, which everybody in the workflow may know; who asks is checked where
the step itself is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, select

from models.tables import deadline, journal_entry, step


def steps(connection: Connection, workflow_id: int) -> list[RowMapping]:
    """Every step of the workflow in its order, with what its turns depend on."""
    names = ("id", "code", "slot", "lead", "status", "position", "opened_seq", "due_on", "original_due_on", "submitted_on", "suspended_on")
    query = select(*(step.c[name] for name in names)).where(step.c.workflow_id == workflow_id).order_by(step.c.position, step.c.id)
    return list(connection.execute(query).mappings())


def entries(connection: Connection, stream: str) -> Sequence[Row[Any]]:
    """(seq, at, step_id, body) of the workflow's journal, oldest first."""
    entry = journal_entry.c
    query = select(entry.seq, entry.at, entry.step_id, entry.body).where(entry.stream == stream).order_by(entry.seq)
    return connection.execute(query).all()


def ledgers(connection: Connection, step_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """(step_id, due_on, at) of every ledger entry, oldest first."""
    query = select(deadline.c.step_id, deadline.c.due_on, deadline.c.at).where(deadline.c.step_id.in_(step_ids))
    return connection.execute(query.order_by(deadline.c.step_id, deadline.c.due_version)).all()
