"""What steps handed in, as far as a person reads it in full: their latest rounds, files and corrections, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, select

from engine.access import Actor
from models.tables import account, attachment, journal_entry, round_, step
from models.visible import visible


def rounds(connection: Connection, actor: Actor, step_ids: Collection[int]) -> Sequence[Row[Any]]:
    """The latest round of each of the steps, with ``code``, ``lead`` and the name of ``who`` handed it in, in the workflow's order."""
    query: Select[Any] = (
        select(round_, step.c.code, step.c.lead, account.c.name.label("who"))
        .join_from(round_, step, and_(step.c.id == round_.c.step_id, step.c.round == round_.c.number))
        .join(account, account.c.id == round_.c.account_id, isouter=True)
        .where(round_.c.step_id.in_(sorted(step_ids)))
        .order_by(step.c.position, step.c.id)
    )
    return connection.execute(visible(query, actor)).all()


def files(connection: Connection, actor: Actor, step_ids: Collection[int]) -> Sequence[Row[Any]]:
    """The stored files of the steps, oldest first."""
    query = select(attachment).where(attachment.c.step_id.in_(sorted(step_ids))).order_by(attachment.c.id)
    return connection.execute(visible(query, actor)).all()


def corrections(connection: Connection, actor: Actor, step_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """The facts of every correction by step, oldest first."""
    entry = journal_entry.c
    query = select(entry.step_id, entry.body).where(entry.step_id.in_(sorted(step_ids)), entry.action == "correct").order_by(entry.seq)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(visible(query, actor)):
        found.setdefault(row.step_id, []).extend(row.body["facts"])
    return found
