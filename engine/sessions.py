"""How long a session lasts: since it was last used, and in any case. System time rules it, never business time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """``idle``: how long a session may rest. ``longest``: how long it lasts at most.

    ``trusted``: both of them for a session that its person asked to keep on a phone of their own; zero where the office offers none, and
    such a session is then an ordinary one.
    """

    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=7)
    trusted: timedelta = timedelta(0)

    def of(self, *, trusted: bool) -> tuple[timedelta, timedelta]:
        """(how long it may rest, how long it lasts at most)."""
        return (self.trusted, self.trusted) if trusted and self.trusted else (self.idle, self.longest)

    def is_over(self, *, created: datetime, seen: datetime, trusted: bool, at: datetime) -> bool:
        """Whether a session has ended by itself at ``at``."""
        idle, longest = self.of(trusted=trusted)
        return seen < at - idle or created < at - longest
