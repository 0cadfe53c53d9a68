"""Which plans are published, and what each says in the version in force or an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.definition import PlanDefinition, Text
from engine.errors import Invalid, NotFound
from models import amending
from models import publishing as sql
from models.database import Database
from services.definitions import plan_of


@dataclass(frozen=True, slots=True)
class Version:
    """One frozen definition of a published plan; ``number`` counts from 1."""

    plan_id: int
    id: int
    number: int
    definition: PlanDefinition


def plan_id_of(db: Database, number: str = "") -> int:
    """The id of the plan ``number``; without one that of the only plan. Raises NotFound, or Invalid where there are several."""
    with db.read() as connection:
        plans = {row["number"]: int(row["id"]) for row in sql.published_plans(connection)}
    if number in plans:
        return plans[number]
    if number or not plans:
        raise NotFound(number)
    if len(plans) > 1:
        shown = ", ".join(plans)
        raise Invalid(Text("Có nhiều kế hoạch; hãy nêu số.", "There are several plans; name one."), code="plan", hint=Text(shown, shown))
    return next(iter(plans.values()))


def version_of(db: Database, plan_id: int, number: int | None = None) -> Version:
    """Version ``number`` of a plan, or the one in force. Raises NotFound."""
    with db.read() as connection:
        row = sql.version_row(connection, plan_id, number)
        if row is None:
            raise NotFound()
        return Version(plan_id, row["id"], row["version"], plan_of(connection, row["id"]))


def amendments_of(db: Database, plan_id: int) -> tuple[Any, ...]:
    """A plan's amendments, newest first, with the numbers of their versions and who made them."""
    with db.read() as connection:
        return tuple(amending.amendments(connection, plan_id))
