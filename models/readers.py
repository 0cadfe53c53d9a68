"""Who reads a step in full on a day: whom a comment on it can mention."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, String, and_, cast, or_, select

from engine.access import READS_EVERYTHING
from models.reading.accounts import works
from models.tables import account, membership, participation

_WITH_ROLES = cast(account.c.roles, String) != "[]"


def readers(connection: Connection, step_id: int, today: date) -> Sequence[Row[Any]]:
    """(id, login, name, roles, left_on, unit) of everybody who works here on ``today`` and reads the step in full, once each, by unit and
    name.

    ``unit``: by which they take part in the step; None for who reads everything.
    """
    return once_each(readings(connection, step_id, today))


def once_each(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Of `readings` one for each person."""
    return list({row.id: row for row in rows}.values())


def readings(connection: Connection, step_id: int, today: date) -> Sequence[Row[Any]]:
    """The same people, each as often as they belong to a unit that takes part."""
    units = select(participation.c.unit).where(participation.c.step_id == step_id)
    placed = account.outerjoin(membership, and_(membership.c.account_id == account.c.id, membership.c.unit.in_(units)))
    query: Select[Any] = (
        select(account.c.id, account.c.login, account.c.name, account.c.roles, account.c.left_on, membership.c.unit)
        .select_from(placed)
        .where(works(today), or_(membership.c.unit.is_not(None), _WITH_ROLES))
        .order_by(membership.c.unit, account.c.name, account.c.id)
    )
    return [row for row in connection.execute(query) if row.unit is not None or READS_EVERYTHING & frozenset(row.roles)]


def participants(connection: Connection, step_ids: Collection[int]) -> set[tuple[int, str]]:
    """(step, unit) of the units that read the steps in full."""
    query = select(participation.c.step_id, participation.c.unit).where(participation.c.step_id.in_(sorted(step_ids)))
    return {(row.step_id, row.unit) for row in connection.execute(query)}
