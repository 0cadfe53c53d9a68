"""Whom a person can name to handle steps of their units."""

from __future__ import annotations

from dataclasses import dataclass

from engine.access import Actor
from engine.alphabet import alphabetical
from models import handlers as sql
from models.database import Database


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of one of the units ``units``."""

    account_id: int
    login: str
    name: str
    units: tuple[str, ...]


def colleagues(db: Database, viewer: Actor) -> tuple[Colleague, ...]:
    """Everybody of the units of ``viewer`` who works here and has no last day, by name."""
    with db.read() as connection:
        rows = sql.colleagues(connection, viewer.units)
    units: dict[int, list[str]] = {}
    for row in rows:
        units.setdefault(row.id, []).append(row.unit)
    found = {row.id: Colleague(row.id, row.login, row.name, tuple(units[row.id])) for row in rows}
    return tuple(sorted(found.values(), key=lambda person: alphabetical(person.name)))
