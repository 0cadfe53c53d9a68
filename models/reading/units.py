"""Names of units as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from models.tables import unit, unit_name

_NAMES = (
    select(unit.c.code, unit.c.position, unit.c.ends_on, unit_name)
    .join_from(unit, unit_name, unit_name.c.unit == unit.c.code)
    .order_by(unit.c.position, unit.c.code, unit_name.c.from_on)
)


def names_on(connection: Connection, day: date) -> Sequence[Row[Any]]:
    """Every unit with each name it has borne until ``day`` (and its first one), oldest first: the last one read is in force."""
    rows = connection.execute(_NAMES).all()
    first = {row.code: row.from_on for row in reversed(rows)}
    return [row for row in rows if row.from_on <= day or row.from_on == first[row.code]]
