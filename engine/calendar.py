"""Working days. The engine knows no country: which days are off is handed in (`wiring.calendar` builds Viet Nam's)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from engine.definition import CalendarOverride, Shift

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Saturday and Sunday are off; ``off`` adds days off, ``make_up`` names weekend days that are worked.

    A day in both is off.
    """

    off: frozenset[date] = frozenset()
    make_up: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is worked."""
        return (day.weekday() < SATURDAY or day in self.make_up) and day not in self.off

    def add(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day`` (before it where ``n`` is negative); ``day`` itself is never counted.

        With ``n`` = 0 it is ``day``, worked or not.
        """
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, a: date, b: date) -> int:
        """Working days in (a, b]; negative, over [b, a), where ``b`` lies before ``a``. The inverse of `add`."""
        if b < a:
            return -sum(self.is_working(b + timedelta(days=i)) for i in range((a - b).days))
        return sum(self.is_working(a + timedelta(days=i)) for i in range(1, (b - a).days + 1))

    def shift(self, day: date, shift: Shift) -> date:
        """``day`` if it is worked or nothing moves it, else the next or previous working day."""
        if shift is Shift.NONE:
            return day
        step = ONE_DAY if shift is Shift.NEXT else -ONE_DAY
        while not self.is_working(day):
            day += step
        return day

    def with_overrides(self, overrides: Iterable[CalendarOverride]) -> WorkCalendar:
        """This calendar changed by ``overrides``; of two for the same day the later one holds."""
        off, make_up = set(self.off), set(self.make_up)
        for override in overrides:
            (off.discard if override.working else off.add)(override.day)
            (make_up.add if override.working else make_up.discard)(override.day)
        return WorkCalendar(frozenset(off), frozenset(make_up))
