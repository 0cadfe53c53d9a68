"""The changes of units that were recorded, and the tree of units with what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.definition import Text
from engine.instants import Now
from engine.units import UnitChange, UnitDefinition
from models import unit_changes as sql
from models.database import Database
from plans.codec import change_from_json
from services.unit_view import units_on_record

STATE_TEXT = {
    "planned": Text("sắp áp dụng", "planned"), "applied": Text("đã áp dụng", "in force"), "withdrawn": Text("đã rút", "withdrawn"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change. ``moved``: how many steps it gave to other units or approvers so far. ``who`` recorded it, "" for the system."""

    id: int
    on: date
    document: str
    state: str
    moved: int
    who: str
    change: UnitChange


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the tree, ``depth`` levels down. ``predecessors``: whose work it took on; ``begins_later``: it is not there yet."""

    unit: UnitDefinition
    depth: int
    predecessors: tuple[str, ...]
    ended: bool
    begins_later: bool


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """The units that exist on a day, parents before children, and those that have ended; and every change, the latest first."""

    lines: tuple[UnitLine, ...]
    ended: tuple[UnitLine, ...]
    changes: tuple[ChangeLine, ...]


def change_lines(db: Database) -> list[ChangeLine]:
    """Every change, the latest day first."""
    with db.read() as connection:
        rows = sql.every(connection)
    return [
        ChangeLine(
            row["id"], row["effective_on"], row["document"], row["state"], row["moved"], row["who"] or "", change_from_json(row["body"])
        )
        for row in rows
    ]


def units_page(db: Database, now: Now) -> UnitsPage:
    """The units as they stand at ``now``, with their history."""
    with db.read() as connection:
        units = units_on_record(connection)
    lines = [_line(unit, units, now.today) for unit in _in_tree(units)]
    return UnitsPage(
        tuple(line for line in lines if not line.ended), tuple(line for line in lines if line.ended), tuple(change_lines(db))
    )  # fmt: skip


def _line(unit: UnitDefinition, units: dict[str, UnitDefinition], today: date) -> UnitLine:
    predecessors = tuple(code for code, other in units.items() if unit.code in other.successors)
    ended = unit.ends_on is not None and unit.ends_on <= today
    return UnitLine(unit, _depth(unit, units), predecessors, ended, not ended and not unit.exists_on(today) and bool(predecessors))


def _depth(unit: UnitDefinition, units: dict[str, UnitDefinition]) -> int:
    depth, seen = 0, {unit.code}
    while unit.parent in units and unit.parent not in seen:
        depth, unit = depth + 1, units[unit.parent]
        seen.add(unit.code)
    return depth


def _in_tree(units: dict[str, UnitDefinition]) -> list[UnitDefinition]:
    """Parents before children, each level in its fixed order."""
    found: list[UnitDefinition] = []

    def add(parent: str | None) -> None:
        for unit in units.values():
            if (unit.parent if unit.parent in units else None) == parent and unit not in found:
                found.append(unit)
                add(unit.code)

    add(None)
    return found
