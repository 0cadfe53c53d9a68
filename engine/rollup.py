"""From counts of steps to the official 2×2 and its rates.

Completed (on time, late) and not completed (within, overdue). Cancelled, not applicable and prior steps are in no denominator. What is
submitted, returned or suspended is not completed. Source: the layout and the arithmetic of the national report of 2017, which counts
late completions as completed and truncates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise
from operator import add, attrgetter, sub


@dataclass(frozen=True, slots=True)
class Tally:
    """Steps counted at one instant.

    ``on_time`` and ``late`` are done; ``within`` and ``overdue`` are not. ``soon`` and ``submitted`` are parts of what is not done, and
    ``returned`` too. ``on_time_original`` and ``overdue_original`` are the same steps held against their first due date.
    ``carried``: not completed and due before the period that the tally is of.
    """

    on_time: int = 0
    late: int = 0
    within: int = 0
    overdue: int = 0
    soon: int = 0
    submitted: int = 0
    returned: int = 0
    on_time_original: int = 0
    overdue_original: int = 0
    carried: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*map(add, _counts(self), _counts(other)))

    def __sub__(self, other: Tally) -> Tally:
        return Tally(*map(sub, _counts(self), _counts(other)))

    @property
    def completed(self) -> int:
        """Done, late ones included."""
        return self.on_time + self.late

    @property
    def not_completed(self) -> int:
        """Everything else that counts."""
        return self.within + self.overdue

    @property
    def total(self) -> int:
        """Every step that counts."""
        return self.completed + self.not_completed

    @property
    def settled(self) -> int:
        """The denominator of the rates: what is done or should be."""
        return self.completed + self.overdue

    @property
    def completion_rate(self) -> Decimal | None:
        """Completed, late or not, of what is completed or overdue (per cent): the national report's figure."""
        return percent(self.completed, self.settled)

    @property
    def on_time_rate(self) -> Decimal | None:
        """Completed by the date that holds now, of what is completed or overdue (per cent)."""
        return percent(self.on_time, self.settled)

    @property
    def settled_original(self) -> int:
        """The denominator of `original_rate`."""
        return self.completed + self.overdue_original

    @property
    def original_rate(self) -> Decimal | None:
        """Completed by the first due date, of what is completed or past that date (per cent): extensions do not embellish it."""
        return percent(self.on_time_original, self.settled_original)


_counts = attrgetter(*(f.name for f in fields(Tally)))


def percent(part: int, whole: int) -> Decimal | None:
    """``part`` of ``whole`` in per cent, truncated (never rounded) to two decimals; None of nothing."""
    if whole == 0:
        return None
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them added; the empty tally for none."""
    return sum(tallies, Tally())


def administrative_year(year: int) -> tuple[date, date]:
    """First and last day of the administrative year ``year``, from 15/12 to 14/12: by which Vietnamese authorities report."""
    return date(year - 1, 12, 15), date(year, 12, 14)


def administrative_months(year: int) -> tuple[tuple[date, date], ...]:
    """First and last day of the twelve months of the administrative year, each from the 15th to the 14th."""
    first, _ = administrative_year(year)
    starts = [first, *(date(year, month, 15) for month in range(1, 13))]
    return tuple((start, following - timedelta(days=1)) for start, following in pairwise(starts))


def administrative_year_of(day: date) -> int:
    """The administrative year in which ``day`` falls."""
    return (day + timedelta(days=17)).year
