"""The demonstration's accounts, by what their day looks like: everybody can look at the product through anybody's eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.definition import Text
from models.database import Database
from services.accounts import Person, everyone
from services.queries.units import UnitNames

GROUPS: tuple[tuple[str, Text], ...] = (
    ("agency", Text("Cơ quan thường trực", "Standing agency")),
    ("unit", Text("Đơn vị thực hiện, phối hợp, phê duyệt", "Units that do, coordinate, approve")),
    ("supervisor", Text("Giám sát", "Supervisors")),
    ("auditor", Text("Kiểm tra, thanh tra", "Auditors")),
    ("administrator", Text("Quản trị", "Administrators")),
)


@dataclass(frozen=True, slots=True)
class DemonstrationPerson:
    """One account that signs in with a click. ``unit`` names where the person works."""

    account_id: int
    login: str
    name: str
    title: str
    unit: Text


@dataclass(frozen=True, slots=True)
class DemonstrationGroup:
    """Accounts with the same kind of day, units in their fixed order."""

    code: str
    title: Text
    people: tuple[DemonstrationPerson, ...]


def demonstration_groups(db: Database, units: UnitNames, today: date) -> tuple[DemonstrationGroup, ...]:
    """Everybody who works here on ``today`` in their group, the many of the units last; groups without an account are left out."""
    people = everyone(db, today)
    found = []
    for code, title in GROUPS:
        own = sorted((p for p in people if group_of(p) == code), key=lambda p: _place(p, units))
        if own:
            found.append(DemonstrationGroup(code, title, tuple(_shown(p, units) for p in own)))
    return tuple(sorted(found, key=lambda group: group.code == "unit"))


def group_of(person: Person) -> str:
    """The first group whose role the person has; those without any work in a unit."""
    return next((code for code, _ in GROUPS if code in person.actor.roles), "unit")


def _place(person: Person, units: UnitNames) -> tuple[int, int]:
    positions = [units.labels[m.unit].position for m in person.actor.memberships if m.unit in units.labels]
    return (min(positions, default=0), person.actor.account_id)


def _shown(person: Person, units: UnitNames) -> DemonstrationPerson:
    actor = person.actor
    unit = units.name(actor.memberships[0].unit) if actor.memberships else Text("")
    return DemonstrationPerson(actor.account_id, person.login, actor.name, person.title, unit)
