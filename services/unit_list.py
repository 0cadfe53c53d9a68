"""Units with the names that they bear on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.database import Database
from models.unit_rows import names_on


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit as it is called on a day."""

    code: str
    official_code: str
    name: str
    short: str


def units_on(db: Database, day: date) -> tuple[NamedUnit, ...]:
    """Every unit that exists on ``day``, in the plan's order."""
    with db.read() as connection:
        return tuple(NamedUnit(r.code, r.official_code, r.name_vi, r.short_vi) for r in names_on(connection, day))
