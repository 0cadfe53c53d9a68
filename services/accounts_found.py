"""Whom of a list somebody looks for: by words, blind to case and accents, by unit, an account by where it stands too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.access import Membership
from engine.vietnamese import fold
from services.account_states import AccountLine, AccountState
from services.memberships import Employee

Called = Callable[[str], Iterable[str]]  # the names of a unit by its code


class Somebody(Protocol):
    """What people are looked for by."""

    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def places(self) -> Sequence[Membership]: ...


@dataclass(frozen=True, slots=True)
class WantedAccounts:
    """``words`` as typed, ``unit`` a code; "" and None ask for nothing."""

    words: str = ""
    unit: str = ""
    state: AccountState | None = None

    @property
    def narrow(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.words or self.unit or self.state)


def found_accounts(accounts: Iterable[AccountLine], wanted: WantedAccounts, called: Called) -> tuple[AccountLine, ...]:
    """Those of ``accounts`` that are wanted, in their order. Every word must stand in the address or where `_fits` looks."""
    there = (line for line in accounts if not wanted.state or line.state is wanted.state)
    words = fold(wanted.words).split()
    return tuple(line for line in there if _fits(line, words, wanted.unit, called, line.address))


def found_people(people: Iterable[Employee], wanted: WantedAccounts, called: Called) -> tuple[Employee, ...]:
    """Those of ``people`` that are wanted, in their order. Every word must stand where `_fits` looks."""
    words = fold(wanted.words).split()
    return tuple(person for person in people if _fits(person, words, wanted.unit, called))


def _fits(somebody: Somebody, words: Sequence[str], unit: str, called: Called, *more: str) -> bool:
    """Whether ``unit`` is theirs ("" for any) and each of ``words``, folded, stands in the sign-in name, the name, the title, the name of a
    unit or ``more``."""
    units = [place.unit for place in somebody.places]
    if unit and unit not in units:
        return False
    said = fold(" ".join((somebody.login, somebody.name, somebody.title, *more, *(name for place in units for name in called(place)))))
    return all(word in said for word in words)
