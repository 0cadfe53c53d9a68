"""Instants and local days. Instants are aware and in UTC; a deadline is the end of a local day.

Two clocks: *business* time drives deadlines, rungs and facts and may be simulated; *system* time never is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def use_zone(name: str) -> None:
    """Count local days in the zone ``name`` from now on. The wiring says so once, before anything is computed."""
    global LOCAL
    LOCAL = ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Now:
    """The present, handed in from the edges: both instants are aware and in UTC."""

    business: datetime
    system: datetime

    @property
    def today(self) -> date:
        """The local day of business time."""
        return local_day(self.business)


def local_day(instant: datetime) -> date:
    """The day in Viet Nam on which ``instant`` (aware) falls."""
    return instant.astimezone(LOCAL).date()


def start_of_day(day: date) -> datetime:
    """The first instant of the local ``day``, in UTC."""
    return datetime.combine(day, time.min, LOCAL).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first instant after the local ``day``, in UTC: what is due that day is overdue from here on."""
    return start_of_day(day + timedelta(days=1))


def at_local(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant of a local wall-clock time, in UTC."""
    return datetime.combine(day, time(hour, minute), LOCAL).astimezone(UTC)
