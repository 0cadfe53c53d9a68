"""Statements on units and their names."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from models.tables import unit, unit_name


def names_on(connection: Connection, day: date) -> list[Row[Any]]:
    """(code, official_code, name_vi, short_vi) of the units that exist on ``day``, each under the latest name that is valid then."""
    newest = (
        select(unit_name.c.unit, func.max(unit_name.c.from_on).label("from_on"))
        .where(unit_name.c.from_on <= day)
        .group_by(unit_name.c.unit)
    ).subquery()
    query = (
        select(unit.c.code, unit.c.official_code, unit_name.c.name_vi, unit_name.c.short_vi)
        .join(newest, newest.c.unit == unit.c.code)
        .join(unit_name, (unit_name.c.unit == newest.c.unit) & (unit_name.c.from_on == newest.c.from_on))
        .where(or_(unit.c.ends_on.is_(None), unit.c.ends_on > day))
        .order_by(unit.c.position, unit.c.code)
    )
    return list(connection.execute(query))
