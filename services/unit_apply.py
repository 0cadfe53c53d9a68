"""What a change of units does at once: the units themselves, their names, their groups, their people, the plans that name them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.units import ChangeKind, UnitChange, UnitDefinition, UnitName
from models import publishing
from models import unit_changes as sql
from models.tables import unit as unit_table
from models.tables import unit_name


def put_into_force(connection: Connection, change: UnitChange, change_id: int) -> None:
    """Write what ``change`` changes beside workflows. Those who worked in a unit that ends work in its default successor."""
    _begin(connection, change)
    for part in change.parts:
        if part.kind is ChangeKind.RENAME and part.name is not None:
            for code in part.units:
                sql.put_name(connection, name_row(code, part.name))
                if part.official_code:
                    sql.change_unit(connection, code, {"official_code": part.official_code})
    for code, shares in change.heirs.items():
        successors = tuple(dict.fromkeys(share.unit for share in shares))
        sql.change_unit(connection, code, {"ends_on": change.on})
        sql.add_successors(connection, _successions(code, successors, change.on, change_id))
        for place in sql.places_in_groups(connection, code, change.on):
            sql.hand_over_group(connection, place, successors, change.on)
        if successors:
            sql.hand_over_people(connection, code, successors[0])
            sql.follow_in_plans(connection, code, successors[0])


def unit_row(unit: UnitDefinition, position: int) -> dict[str, Any]:
    """The row of a unit."""
    names = ("code", "official_code", "parent", "ends_on")
    return {**{name: getattr(unit, name) for name in names}, "position": position}


def name_row(code: str, name: UnitName) -> dict[str, Any]:
    """The row of a name."""
    return {
        "unit": code, "from_on": name.from_, "name_vi": name.name.vi, "name_en": name.name.en, "short_vi": name.short.vi,
        "short_en": name.short.en, "type": name.type,
    }  # fmt: skip


def _begin(connection: Connection, change: UnitChange) -> None:
    """The units that begin, each where the first unit stood that it succeeds; a parent before its children."""
    known = {row["code"]: row["position"] for row in sql.unit_rows(connection)}
    last = max(known.values(), default=0)
    places = {share.unit: known[unit] for unit, shares in reversed(change.heirs.items()) for share in shares if unit in known}
    waiting = [unit for unit in change.new_units if unit.code not in known]
    while waiting:
        ready = [unit for unit in waiting if unit.parent is None or unit.parent in known] or waiting
        for unit in ready:
            known[unit.code] = places.get(unit.code, last + 1)
            publishing.add_many(connection, unit_table, [unit_row(unit, known[unit.code])])
            publishing.add_many(connection, unit_name, [name_row(unit.code, name) for name in unit.names])
        waiting = [unit for unit in waiting if unit.code not in known]


def _successions(code: str, successors: tuple[str, ...], on: date, change_id: int) -> list[dict[str, Any]]:
    return [{"unit": code, "successor": s, "from_on": on, "position": n, "change_id": change_id} for n, s in enumerate(successors)]
