"""Who belongs to a unit, kept by its head or its administrator, anywhere by administrators: adding an account, changing its role there,
ending its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.access import Actor, Membership
from engine.alphabet import alphabetical
from engine.definition import Text
from engine.errors import InvalidFields, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.people import ROLES, managed_units, manages_everyone, refusal, roles_to_give
from models import people as sql
from models import second_factors
from models.database import Database
from models.handlers import let_go
from models.unit_rows import names_on
from services.office_journal import lock, note


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody as the page of people shows them. ``left_on``: the first day on which they no longer work here, None while none is set.

    ``second_factor``: signing in asks them for a code.
    """

    account_id: int
    login: str
    name: str
    title: str
    reachable: bool
    roles: tuple[str, ...]
    places: tuple[Membership, ...]
    left_on: date | None
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """``units``: those whose people the viewer may change, in the plan's order; ``everyone``: it is all of them. ``gives``: the roles that
    they may give in one of them."""

    people: tuple[Employee, ...]
    units: tuple[str, ...]
    everyone: bool
    gives: tuple[str, ...]


def staff(db: Database, viewer: Actor, now: Now) -> Staff:
    """The people whom ``viewer`` may change: those of the units that they keep, for an administrator everybody."""
    everyone, own = manages_everyone(viewer), managed_units(viewer)
    with db.read() as connection:
        rows = sql.listed(connection, None if everyone else sorted(own), now.today)
        units = [row.code for row in names_on(connection, now.today)]
        strong = second_factors.accounts(connection)
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    people = sorted((_employee(found, strong) for found in grouped.values()), key=lambda person: alphabetical(person.name))
    mine = tuple(u for u in units if everyone or u in own)
    gives = tuple(role for role in ROLES if any(role in roles_to_give(viewer, unit) for unit in mine))
    return Staff(tuple(people), mine, everyone, gives)


def employee(db: Database, viewer: Actor, account_id: int, now: Now) -> Employee:
    """One of `staff`. Raises `NotFound` for all others."""
    found = next((p for p in staff(db, viewer, now).people if p.account_id == account_id), None)
    if found is None:
        raise NotFound()
    return found


def add_member(db: Database, actor: Actor, form: Mapping[str, Any], *, now: Now) -> int:
    """The account with the sign-in name ``login`` belongs to ``unit`` with ``role`` from now on; its number.

    Raises `InvalidFields` naming every wrong field, and then nothing is saved.
    """
    login, unit, role = (str(form.get(name) or "").strip() for name in ("login", "unit", "role"))
    with db.write() as connection:
        lock(connection)
        wrong: dict[str, Text] = {}
        person = sql.by_login(connection, login)
        if person is None or (person.left_on is not None and person.left_on <= now.today):
            wrong["login"] = Text("Không có tài khoản này; quản trị hệ thống tạo tài khoản.", "No such account; an administrator makes it.")
        if unit not in {row.code for row in names_on(connection, now.today)} or refusal(actor, (unit,)) is not None:
            wrong["unit"] = Text("Chọn đơn vị mà bạn quản lý.", "Choose a unit that you manage.")
        if role not in ROLES:
            wrong["role"] = Text("Chọn vai trò trong đơn vị.", "Choose the role in the unit.")
        elif role not in roles_to_give(actor, unit) and "unit" not in wrong:
            wrong["role"] = Text(
                "Lãnh đạo và quản trị đơn vị do lãnh đạo đơn vị ghi.", "Heads and administrators are named by the unit's head."
            )
        before = [place.role for place in _places(connection, person.id) if place.unit == unit] if person is not None else []
        against = refusal(actor, (unit,), held=before) if not wrong else None
        if against is not None:
            wrong["login"] = against.text
        if person is not None and not wrong and Membership(unit, role) in _places(connection, person.id):
            wrong["login"] = Text("Đã thuộc đơn vị với vai trò này.", "Belongs to the unit with this role already.")
        if wrong or person is None:
            raise InvalidFields(wrong)
        sql.join(connection, person.id, unit, role)
        note(connection, actor, "add-member", (Fact("people.joined", {"account": person.id, "unit": unit, "role": role}),), now)
    return int(person.id)


def end_member(db: Database, actor: Actor, account_id: int, unit: str, *, now: Now) -> None:
    """The account no longer belongs to ``unit``. Raises `NotFound`, or `Refused` for who may not, and for a head's own place."""
    with db.write() as connection:
        lock(connection)
        place = next((m for m in _places(connection, account_id) if m.unit == unit), None)
        if place is None or (not manages_everyone(actor) and unit not in managed_units(actor)):
            raise NotFound()
        against = refusal(actor, (unit,), held=(place.role,))
        if against:
            raise against
        if account_id == actor.account_id:
            raise Refused(Text("Không tự kết thúc chỗ của mình.", "Nobody ends their own place."), code="own-place")
        sql.leave(connection, account_id, unit)
        let_go(connection)
        note(connection, actor, "end-member", (Fact("people.left-unit", {"account": account_id, "unit": unit}),), now)


def _places(connection: Any, account_id: int) -> list[Membership]:
    return [Membership(row.unit, row.role) for row in sql.memberships(connection, account_id)]


def _employee(rows: list[Any], strong: set[int]) -> Employee:
    first = rows[0]
    places = tuple(Membership(row.unit, row.role) for row in rows if row.unit is not None)
    return Employee(
        first.id, first.login, first.name, first.title, bool(first.address), tuple(first.roles), places, first.left_on, first.id in strong
    )  # fmt: skip
