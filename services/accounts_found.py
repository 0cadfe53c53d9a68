"""Which accounts of a list somebody looks for: by words, blind to case and accents, by unit and by where the account stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.vietnamese import fold
from services.account_states import AccountLine, AccountState


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


def found_accounts(
    accounts: Iterable[AccountLine], wanted: WantedAccounts, called: Callable[[str], Iterable[str]]
) -> tuple[AccountLine, ...]:
    """Those of ``accounts`` that are wanted, in their order. ``called``: the names of a unit by its code.

    Every word must stand in the sign-in name, the name, the title, the address or the name of a unit.
    """
    words = fold(wanted.words).split()

    def fits(line: AccountLine) -> bool:
        units = [place.unit for place in line.places]
        if (wanted.unit and wanted.unit not in units) or (wanted.state and line.state is not wanted.state):
            return False
        said = fold(" ".join((line.login, line.name, line.title, line.address, *(name for unit in units for name in called(unit)))))
        return all(word in said for word in words)

    return tuple(line for line in accounts if fits(line))
