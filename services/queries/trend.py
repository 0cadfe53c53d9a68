"""How a year goes, month by month: the year's own counts by the administrative month in which steps are due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.rollup import Tally
from models.reading.tallies import BEFORE, Period


@dataclass(frozen=True, slots=True)
class Month:
    """What is due from ``first`` to ``last``. ``number``: 1 to 12, 0 for what earlier years left undone. ``future``: not begun yet."""

    number: int
    first: date
    last: date
    tally: Tally
    future: bool


def trend(period: Period, months: Mapping[int, Tally], today: date) -> tuple[Month, ...]:
    """The twelve months in order, after what was carried into the year, if anything; they add up to the year's tally."""
    found = [Month(n, first, last, months.get(n, Tally()), first > today) for n, (first, last) in enumerate(period.months, 1)]
    carried = months.get(BEFORE, Tally())
    return (*((Month(BEFORE, period.first, period.first, carried, False),) if carried.total else ()), *found)
