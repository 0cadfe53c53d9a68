"""The rules of the second factor: which moments a code may be of, and for whom the office requires it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from engine.access import HEAD, UNIT_ADMIN, Actor

PERIOD = 30  # seconds that one code is shown
ROLES = ("agency", "supervisor", "auditor", "administrator", HEAD, UNIT_ADMIN)  # those of whom it may be required


def candidates(at: datetime, used: int) -> tuple[int, ...]:
    """The counters whose codes are taken at ``at`` (system time), the likeliest first: a phone's clock may be one period off.

    ``used`` is the counter of the last code that was taken: it and all before it are spent.
    """
    present = int(at.timestamp()) // PERIOD
    return tuple(counter for counter in (present, present - 1, present + 1) if counter > used)


def plain(code: str) -> str:
    """A code as it is compared: without the spaces and dashes that make it readable."""
    return "".join(letter for letter in code if not letter.isspace() and letter != "-").lower()


def is_required(actor: Actor, roles: Iterable[str]) -> bool:
    """Whether the office requires it of ``actor`` (for themselves, whomever they stand in for): ``roles`` of `ROLES`."""
    held = actor.roles | {place.role for place in actor.memberships}
    return not held.isdisjoint(roles)
