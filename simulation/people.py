"""The demonstration's accounts: named by role, never after invented people.

Every unit has a focal point and a leader, so that a round is never decided on by whoever submitted it; the standing agency has two
officers and a leader, all with its role. Logins are the units' codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.access import Actor, Membership
from engine.definition import PlanDefinition, UnitDefinition
from models.database import Database
from services.accounts import create_account, everyone

DOMAIN = "dondoc.example"  # a name that by RFC 2606 belongs to nobody
DISTRICT_TYPES = frozenset({"huyện", "thị xã", "thành phố", "quận"})
OFFICE_ROLES = (
    ("giam-sat", "Người giám sát", "supervisor"),
    ("kiem-tra-vien", "Kiểm tra viên", "auditor"),
    ("quan-tri", "Quản trị hệ thống", "administrator"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One account to be made: what it is called, where it belongs and what it may do."""

    login: str
    name: str
    memberships: tuple[Membership, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Where its mail goes."""
        return f"{self.login}@{DOMAIN}"


class Staff:
    """The people of a demonstration by unit. Officers come first, the leader last."""

    def __init__(self, actors: list[Actor]) -> None:
        self._by_unit: dict[str, list[Actor]] = {}
        for actor in actors:
            for membership in actor.memberships:
                self._by_unit.setdefault(membership.unit, []).append(actor)
        self.supervisors = [a for a in actors if "supervisor" in a.roles]
        self._stand_ins: Mapping[tuple[int, str], Actor] = {}

    def of(self, unit: str) -> list[Actor]:
        """Everyone of ``unit``."""
        return self._by_unit[unit]

    def everyone(self) -> list[Actor]:
        """Everybody with a place in a unit, each once, in the order of their accounts."""
        found = {actor.account_id: actor for own in self._by_unit.values() for actor in own}
        return [found[id_] for id_ in sorted(found)]

    def officer(self, unit: str) -> Actor:
        """The focal point of ``unit``, or who stands in for them today."""
        return self._today(unit)[0]

    def other_than(self, unit: str, persons: set[int | None]) -> Actor:
        """Somebody of ``unit`` who is not among the account ids ``persons``; comes in for it although away, if nobody else may.

        StopIteration if there is nobody.
        """
        return next(a for a in [*self._today(unit), *self._by_unit[unit]] if not a.persons & persons)

    def stand_in(self, found: Mapping[tuple[int, str], Actor]) -> None:
        """From now on ``found`` act in the place of absent people: by account and unit."""
        self._stand_ins = found

    def replace(self, account_id: int, successor: Actor) -> None:
        """``successor`` has the place of ``account_id`` in every unit."""
        for own in self._by_unit.values():
            own[:] = [successor if actor.account_id == account_id else actor for actor in own]

    def _today(self, unit: str) -> list[Actor]:
        return [self._stand_ins.get((actor.account_id, unit), actor) for actor in self._by_unit[unit]]


def parts(definition: PlanDefinition, on: date) -> Iterator[Part]:
    """Every account that a demonstration of ``definition`` has, with the units' names of the day ``on``."""
    for unit in definition.units:
        yield from _of_unit(unit, definition, on)
    for login, name, role in OFFICE_ROLES:
        yield Part(login, name, (), (role,))


def employ(db: Database, definition: PlanDefinition, on: date) -> Staff:
    """Make the accounts that are not there yet; everybody who works here on the day ``on``, ready to act. The units exist already."""
    known = {person.login for person in everyone(db)}
    for part in parts(definition, on):
        if part.login not in known:
            create_account(
                db, login=part.login, name=part.name, title=part.name, address=part.address, memberships=part.memberships, roles=part.roles
            )  # fmt: skip
    return Staff([person.actor for person in everyone(db, on)])


def _of_unit(unit: UnitDefinition, definition: PlanDefinition, on: date) -> Iterator[Part]:
    code, name = unit.code, unit.name_on(on)
    officer, head = (Membership(code),), (Membership(code, "head"),)
    if code == definition.standing_agency:
        yield Part(code, f"Chuyên viên {name.short.vi}", officer, ("agency",))
        yield Part(f"{code}-2", f"Chuyên viên {name.short.vi} (2)", officer, ("agency",))
        yield Part(f"{code}-lanh-dao", f"Lãnh đạo {name.short.vi}", head, ("agency",))
        return
    if code == definition.steering_committee:
        yield Part(code, f"Thư ký {name.short.vi}", officer)
    elif name.type in DISTRICT_TYPES:
        yield Part(code, f"Đầu mối {name.type} {name.short.vi}", officer)
    else:
        yield Part(code, f"Chuyên viên {name.short.vi}", officer)
    leads = name.name.vi if name.type in DISTRICT_TYPES else name.short.vi
    yield Part(f"{code}-lanh-dao", f"Lãnh đạo {leads}", head)
