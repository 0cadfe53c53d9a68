"""What an edge of the application is handed: settings, the database, the two clocks and the calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from engine.calendar import WorkCalendar
from engine.definition import CalendarOverride
from engine.instants import Now, use_zone
from models.database import Database
from services.clock import now_of
from services.working_days import recorded_days
from wiring.calendar import build_calendar
from wiring.clock import system_now
from wiring.settings import Settings


@dataclass(frozen=True, slots=True)
class AppContext:
    """One process's view of the application. ``now`` and ``calendar`` are asked anew at each use: both can change while it runs."""

    settings: Settings
    db: Database
    now: Callable[[], Now]
    calendar: Callable[[], WorkCalendar]
    simulated: bool


def build_context(settings: Settings) -> AppContext:
    """The context of a process that runs with ``settings``. The caller closes its ``db``."""
    use_zone(settings.time_zone)
    db = Database(settings.url)
    simulated = settings.simulated

    def now() -> Now:
        return now_of(db, system=system_now(), simulated=simulated)

    def calendar() -> WorkCalendar:
        return calendar_with(recorded_days(db))

    return AppContext(settings, db, now, calendar, simulated)


@lru_cache(maxsize=4)
def calendar_with(overrides: tuple[CalendarOverride, ...]) -> WorkCalendar:
    """The country's calendar changed by what the office recorded; made anew only when that changes."""
    return build_calendar(overrides)
