"""From a relation to people: who hears a notice, by membership and role at the moment it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

HEAD = "head"
ABOVE = ("agency-head", "committee")  # above the unit
NOT_STOOD_IN_FOR = ("coordinating", "head", "former")  # these need do nothing, or are reminded anyway


@dataclass(frozen=True, slots=True)
class Person:
    """An account that can be told things. ``roles``: role in each unit (officer | head). ``agency``: acts for the standing agency;
    ``everything``: reads the whole plan.

    ``choices``: how they like their mail, by group (`notifications.choices`).
    """

    id: int
    name: str
    address: str
    language: str
    roles: Mapping[str, str] = field(default_factory=dict)
    agency: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who is away and has a deputy."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Hearer:
    """A person, and the unit in whose name they hear. ``stands_in``: the unit has nobody reachable, so the standing agency hears.

    ``instead_of``: the absent person for whom they hear as deputy.
    """

    person: Person
    unit: str
    stands_in: bool = False
    instead_of: Absent | None = None


class Directory:
    """Everyone who can be told things at an instant, by unit and role."""

    def __init__(self, people: Iterable[Person], deputies: Iterable[tuple[int, int, str]] = ()) -> None:
        """``deputies``: (absent person, deputy, unit) of the day. Who has left counts as neither."""
        self.people = {person.id: person for person in people}
        self._by_unit: dict[str, list[Person]] = {}
        for person in self.people.values():
            for unit in person.roles:
                self._by_unit.setdefault(unit, []).append(person)
        self._agency = [p for p in self.people.values() if p.agency]
        self._deputies: dict[tuple[int, str], Person] = {
            (away, unit): self.people[by] for away, by, unit in deputies if by in self.people and unit in self.people[by].roles
        }

    def hearers(self, audience: str, units: Iterable[str], agency_unit: str) -> list[Hearer]:
        """The people behind ``audience`` for ``units``, each once.

        lead, coordinating, former: the unit's officers, its heads where it has no officer; head: its heads alone, for the officers are
        reminded anyway; agency-head, committee: its heads, everyone where it has none; approver: everyone in the unit, since each of them
        can decide; agency: those who act for the standing agency.
        Where nobody of a unit can be reached that has to act, the standing agency hears instead. Deputies hear beside whom they stand in
        for, never a deputy's deputy.
        """
        if audience == "agency":
            return self._with_deputies([Hearer(p, agency_unit) for p in self._agency])
        found: dict[int, Hearer] = {}
        for unit in units:
            heard = self._with_deputies([Hearer(p, unit) for p in self._of(unit, audience)])
            reachable = any(h.person.address for h in heard)
            if not reachable and audience not in NOT_STOOD_IN_FOR:
                heard += [Hearer(p, unit, stands_in=True) for p in self._agency]
            for hearer in heard:
                found.setdefault(hearer.person.id, hearer)
        return list(found.values())

    def named(self, units: Mapping[int, str]) -> list[Hearer]:
        """The accounts of ``units`` that are told by name, each in the name of the unit given, and who stands in for them."""
        return self._with_deputies([Hearer(self.people[id_], unit) for id_, unit in units.items() if id_ in self.people])

    def and_named(self, heard: list[Hearer], units: Mapping[int, str]) -> list[Hearer]:
        """``heard``, and those of `named` who do not hear already."""
        known = {h.person.id for h in heard}
        return heard + [hearer for hearer in self.named(units) if hearer.person.id not in known]

    def _with_deputies(self, heard: list[Hearer]) -> list[Hearer]:
        """``heard``, and after them those who stand in for one of them and do not hear already."""
        known = {h.person.id for h in heard}
        found = []
        for absent in heard:
            deputy = self._deputies.get((absent.person.id, absent.unit))
            if deputy is not None and deputy.id not in known:
                known.add(deputy.id)
                found.append(Hearer(deputy, absent.unit, instead_of=Absent(absent.person.id, absent.person.name)))
        return heard + found

    def _of(self, unit: str, audience: str) -> list[Person]:
        everyone = self._by_unit.get(unit, [])
        if audience == "approver":
            return everyone
        if audience == "head":
            return [p for p in everyone if p.roles[unit] == HEAD]
        return [p for p in everyone if (p.roles[unit] == HEAD) is (audience in ABOVE)] or everyone
