"""From a relation to people: who hears a notice, by membership and role at the moment it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

OFFICER, HEAD = "officer", "head"
ABOVE = ("agency-head", "committee")  # above the unit
NOT_STOOD_IN_FOR = ("coordinating", "head", "former")  # these need do nothing, or are reminded anyway


@dataclass(frozen=True, slots=True)
class Person:
    """An account that can be told things. ``roles``: role in each unit (officer | head). ``agency``: acts for the standing agency.

    ``choices``: how they like their mail, by group (`notifications.choices`).
    """

    id: int
    name: str
    address: str
    language: str
    roles: Mapping[str, str] = field(default_factory=dict)
    agency: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hearer:
    """A person, and the unit in whose name they hear. ``stands_in``: the unit has nobody reachable, so the standing agency hears."""

    person: Person
    unit: str
    stands_in: bool = False


class Directory:
    """Everyone who can be told things at an instant, by unit and role."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = {person.id: person for person in people}
        self._by_unit: dict[str, list[Person]] = {}
        for person in self.people.values():
            for unit in person.roles:
                self._by_unit.setdefault(unit, []).append(person)
        self._agency = [p for p in self.people.values() if p.agency]

    def hearers(self, audience: str, units: Iterable[str], agency_unit: str) -> list[Hearer]:
        """The people behind ``audience`` for ``units``, each once.

        lead, coordinating, former: the unit's officers, its heads where it has no officer; head: its heads alone, for the officers are
        reminded anyway; agency-head, committee: its heads, everyone where it has none; approver: everyone in the unit, since each of them
        can decide; agency: those who act for the standing agency.
        Where nobody of a unit can be reached that has to act, the standing agency hears instead.
        """
        if audience == "agency":
            return [Hearer(p, agency_unit) for p in self._agency]
        found: dict[int, Hearer] = {}
        for unit in units:
            own = self._of(unit, audience)
            reachable = any(p.address for p in own)
            heard = [Hearer(p, unit) for p in own]
            if not reachable and audience not in NOT_STOOD_IN_FOR:
                heard += [Hearer(p, unit, stands_in=True) for p in self._agency]
            for hearer in heard:
                found.setdefault(hearer.person.id, hearer)
        return list(found.values())

    def _of(self, unit: str, audience: str) -> list[Person]:
        everyone = self._by_unit.get(unit, [])
        if audience == "approver":
            return everyone
        if audience == "head":
            return [p for p in everyone if p.roles[unit] == HEAD]
        wanted = HEAD if audience in ABOVE else OFFICER
        return [p for p in everyone if p.roles[unit] == wanted] or everyone
