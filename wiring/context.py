"""What an edge of the application is handed: settings, the database, the two clocks and the calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.calendar import WorkCalendar
from engine.instants import Now, use_zone
from models.database import Database
from services.clock import now_of
from services.working_days import office_calendar
from wiring.calendar import proposed_days
from wiring.clock import system_now
from wiring.settings import Settings


@dataclass(frozen=True, slots=True)
class AppContext:
    """One process's view of the application. ``now`` and ``calendar`` are asked anew at each use: both can change while it runs.

    ``stopping``: whether the process was told to end, for work that can stop between two pieces.
    """

    settings: Settings
    db: Database
    now: Callable[[], Now]
    calendar: Callable[[], WorkCalendar]
    simulated: bool
    stopping: Callable[[], bool] = bool


def build_context(settings: Settings) -> AppContext:
    """The context of a process that runs with ``settings``. The caller closes its ``db``."""
    use_zone(settings.time_zone)
    db = Database(settings.url)
    simulated = settings.simulated

    def now() -> Now:
        return now_of(db, system=system_now(), simulated=simulated)

    def calendar() -> WorkCalendar:
        return office_calendar(db, proposed_days)

    return AppContext(settings, db, now, calendar, simulated)
