"""Unit names as of a day, for every page: the code is what is stored, the name is what people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.definition import Text
from models.database import Database
from models.reading import units


@dataclass(frozen=True, slots=True)
class UnitLabel:
    """One unit as people read it. ``type`` is the kind of unit that its name says (e.g. "huyện")."""

    code: str
    name: Text
    short: Text
    type: str
    position: int


@dataclass(frozen=True, slots=True)
class UnitNames:
    """Every unit's label on one day."""

    labels: dict[str, UnitLabel]

    def name(self, code: str) -> Text:
        """The full name; the code itself for a unit that is not known."""
        return self.labels[code].name if code in self.labels else Text(code, code)

    def short(self, code: str) -> Text:
        """The short name; the code itself for a unit that is not known."""
        return self.labels[code].short if code in self.labels else Text(code, code)


def unit_names(db: Database, day: date) -> UnitNames:
    """The names that units bear on the local ``day``."""
    with db.read() as connection:
        rows = units.names_on(connection, day)
    return UnitNames(
        {
            row.code: UnitLabel(row.code, Text(row.name_vi, row.name_en), Text(row.short_vi, row.short_en), row.type, row.position)
            for row in rows
        }
    )
