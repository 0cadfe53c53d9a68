"""What the figures of steps are made of: their rounds and the journal entries that say what became of them.

Without a guard: for deciding under a workflow's lock, and for checks. `models.reading.figures` asks the same for a person.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, select

from models.tables import journal_entry, round_, step

TELLING = ("submit", "record", "approve", "return", "recall", "reopen", "correct", "cancel", "mark-not-applicable")

ROUNDS: Select[Any] = select(round_.c.step_id, round_.c.number, round_.c.recorded, round_.c.body).where(
    round_.c.step_id.in_(bindparam("steps", expanding=True))
)
ENTRIES: Select[Any] = (
    select(journal_entry.c.step_id, journal_entry.c.seq, journal_entry.c.at, journal_entry.c.action, journal_entry.c.body)
    .where(journal_entry.c.step_id.in_(bindparam("steps", expanding=True)), journal_entry.c.action.in_(TELLING))
    .order_by(journal_entry.c.seq)
)
_SOURCES = (
    select(step.c.id, step.c.code, step.c.slot, step.c.status)
    .where(step.c.workflow_id == bindparam("workflow"), step.c.code.in_(bindparam("codes", expanding=True)))
    .order_by(step.c.position, step.c.id)
)
_CONSOLIDATING = (
    select(step.c.id, step.c.code, step.c.slot, step.c.draft, round_.c.body)
    .join_from(step, round_, and_(round_.c.step_id == step.c.id, round_.c.number == step.c.round), isouter=True)
    .where(step.c.workflow_id == bindparam("workflow"), step.c.code.in_(bindparam("codes", expanding=True)))
    .order_by(step.c.id)
)


def sources(connection: Connection, workflow_id: int, codes: Collection[str]) -> Sequence[Row[Any]]:
    """(id, code, slot, status) of the workflow's steps of ``codes``, in their fixed order."""
    return connection.execute(_SOURCES, {"workflow": workflow_id, "codes": sorted(codes)}).all()


def rounds(connection: Connection, steps: Collection[int]) -> Sequence[Row[Any]]:
    """(step_id, number, recorded, body) of every round of ``steps``."""
    return connection.execute(ROUNDS, {"steps": sorted(steps)}).all()


def entries(connection: Connection, steps: Collection[int]) -> Sequence[Row[Any]]:
    """(step_id, seq, at, action, body) of the journal entries of ``steps`` that matter to figures, oldest first."""
    return connection.execute(ENTRIES, {"steps": sorted(steps)}).all()


def consolidating(connection: Connection, workflow_id: int, codes: Collection[str]) -> Sequence[Row[Any]]:
    """(id, code, slot, draft, body of the latest round or None) of the workflow's steps of ``codes``."""
    return connection.execute(_CONSOLIDATING, {"workflow": workflow_id, "codes": sorted(codes)}).all()
