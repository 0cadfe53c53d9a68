"""Unit names as of a day, for every page: the code is what is stored, the name is what people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter

from engine.definition import Text
from models.database import Database
from models.reading import units

_SAID = attrgetter("code", "name_vi", "name_en", "short_vi", "short_en", "type", "position")


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
    return _labelled(tuple(map(_SAID, rows)))


@lru_cache(maxsize=8)
def _labelled(rows: tuple[tuple[str, str, str, str, str, str, int], ...]) -> UnitNames:
    """Made once for as long as no name changes: every page asks for all of them."""
    return UnitNames(
        {
            code: UnitLabel(code, Text(name_vi, name_en), Text(short_vi, short_en), type_, position)
            for code, name_vi, name_en, short_vi, short_en, type_, position in rows
        }
    )
