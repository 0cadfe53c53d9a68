"""The days that the office recorded as differing from the library's calendar."""

from __future__ import annotations

from engine.definition import CalendarOverride
from models.database import Database
from models.reading import working_days


def recorded_days(db: Database) -> tuple[CalendarOverride, ...]:
    """Every recorded day, in order; few, so they are read whenever a calendar is asked for."""
    with db.read() as connection:
        return tuple(CalendarOverride(row.day, row.working, row.document) for row in working_days.recorded(connection))
