"""Units as the rules see them, read from the rows; and the steps that a change may name."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from engine.coherence.changes import step_places
from engine.definition import PlanDefinition, Text
from engine.succession import units_after
from engine.units import UnitChange, UnitDefinition, UnitName
from models import publishing
from models import unit_changes as sql
from services.definitions import plan_of


def units_on_record(connection: Connection, planned: Iterable[UnitChange] = ()) -> dict[str, UnitDefinition]:
    """Every unit by code, in the order in which they are shown, as it will be after the ``planned`` changes."""
    names: dict[str, list[UnitName]] = {}
    for row in sql.name_rows(connection):
        name = UnitName(Text(row["name_vi"], row["name_en"]), Text(row["short_vi"], row["short_en"]), row["from_on"], row["type"])
        names.setdefault(row["unit"], []).append(name)
    heirs: dict[str, list[str]] = {}
    for row in sql.successions(connection):
        heirs.setdefault(row["unit"], []).append(row["successor"])
    units = [
        UnitDefinition(
            row["code"], tuple(names[row["code"]]), row["official_code"], row["parent"], row["ends_on"], tuple(heirs.get(row["code"], ()))
        )
        for row in sql.unit_rows(connection)
    ]
    for change in planned:
        units = list(units_after(units, change))
    return {unit.code: unit for unit in units}


def known_places(connection: Connection) -> frozenset[str]:
    """The steps of all plans in force, as a change may name them."""
    return frozenset(place for plan in _plans(connection) for place in step_places(plan))


def group_titles(connection: Connection) -> dict[str, Text]:
    """What the groups of all plans in force are called, by code."""
    return {group.code: group.title for plan in _plans(connection) for group in plan.groups}


def _plans(connection: Connection) -> list[PlanDefinition]:
    return [plan_of(connection, row["version_id"]) for row in publishing.published_plans(connection)]
