"""What correcting reads of a step under its workflow's lock."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from models.tables import deadline, journal_entry, round_


def round_body(connection: Connection, step_id: int, number: int) -> dict[str, Any]:
    """The frozen body of a round; {} if there is none."""
    query = select(round_.c.body).where(round_.c.step_id == step_id, round_.c.number == number)
    return connection.execute(query).scalar() or {}


def corrections(connection: Connection, step_id: int) -> list[dict[str, Any]]:
    """The facts of every correction of the step, oldest first."""
    entry = journal_entry.c
    query = select(entry.body).where(entry.step_id == step_id, entry.action == "correct").order_by(entry.seq)
    return [fact for body in connection.execute(query).scalars() for fact in body["facts"]]


def ledger(connection: Connection, step_id: int) -> list[tuple[str, date | None]]:
    """(kind, due_on) of the deadline ledger, oldest first."""
    query = select(deadline.c.kind, deadline.c.due_on).where(deadline.c.step_id == step_id).order_by(deadline.c.due_version)
    return [(row.kind, row.due_on) for row in connection.execute(query)]
