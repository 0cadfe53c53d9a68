"""When people act: working days, office hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from engine.calendar import WorkCalendar
from engine.definition import Shift
from engine.instants import at_local, local_day

MORNING, AFTERNOON = (8 * 60 + 5, 11 * 60 + 25), (13 * 60 + 35, 16 * 60 + 55)  # minutes after midnight


class Office:
    """Instants at which somebody sits at a desk."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar

    def on(self, rng: Random, day: date) -> datetime:
        """An instant within the office hours of ``day``, or of the next working day."""
        return self.on_the_day(rng, self.calendar.shift(day, Shift.NEXT))

    def on_the_day(self, rng: Random, day: date) -> datetime:
        """An instant within office hours of ``day``, worked or not: a festival falls on a Saturday."""
        first, last = rng.choice((MORNING, AFTERNOON))
        minute = rng.randint(first, last)
        return at_local(day, *divmod(minute, 60)) + timedelta(seconds=rng.randrange(60))

    def after(self, rng: Random, instant: datetime, least: int, most: int) -> datetime:
        """An instant ``least`` to ``most`` working days after ``instant``; on the same day only if that is still to come."""
        day = self.calendar.add(local_day(instant), rng.randint(least, most))
        found = self.on(rng, day)
        return found if found > instant else self.on(rng, self.calendar.add(day, 1))
