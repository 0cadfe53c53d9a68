"""Every working day of 2022-2027 beside what was announced, day by day.

The table is written out, not computed: weekdays off and weekend days worked as the Ministry announced them for civil servants each year.
2027 is not announced yet: there it holds what is proposed.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.definition import Shift
from wiring.calendar import build_calendar, proposed_days

# year → (weekdays off, weekend days worked), as day/month
ANNOUNCED: dict[int, tuple[str, str]] = {
    2022: ("3/1 31/1 1/2 2/2 3/2 4/2 11/4 2/5 3/5 1/9 2/9", ""),
    2023: ("2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9", ""),
    2024: ("1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9", "4/5"),
    2025: ("1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9", "26/4"),
    2026: ("1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9", "10/1 22/8"),
    2027: ("1/1 4/2 5/2 8/2 9/2 10/2 16/4 30/4 3/5 2/9 3/9", ""),
}
WORKING_DAYS = {2022: 249, 2023: 249, 2024: 251, 2025: 250, 2026: 250, 2027: 250}
EVERY_DAY = [date(2022, 1, 1) + timedelta(days=n) for n in range((date(2028, 1, 1) - date(2022, 1, 1)).days)]


def days(year: int, which: int) -> frozenset[date]:
    """The days of a year's row of the table: 0 off, 1 worked."""
    pairs = (text.split("/") for text in ANNOUNCED[year][which].split())
    return frozenset(date(year, int(month), int(day)) for day, month in pairs)


OFF = frozenset().union(*(days(year, 0) for year in ANNOUNCED))
WORKED = frozenset().union(*(days(year, 1) for year in ANNOUNCED))


def announced(day: date) -> bool:
    """Whether the announcements have ``day`` worked."""
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def test_the_table_is_written_right():
    assert not [day for day in OFF if day.weekday() >= 5]
    assert not [day for day in WORKED if day.weekday() < 5]


@pytest.mark.parametrize("year", ANNOUNCED)
def test_every_day_is_as_announced(year: int):
    calendar = build_calendar()
    assert not [day for day in EVERY_DAY if day.year == year and calendar.is_working(day) is not announced(day)]
    assert calendar.between(date(year - 1, 12, 31), date(year, 12, 31)) == WORKING_DAYS[year]


def test_counting_agrees_with_the_table_over_every_distance_and_across_every_year_end():
    calendar = build_calendar()
    worked = [day for day in EVERY_DAY if announced(day)]
    for start in EVERY_DAY[60:-60:7]:
        before, after = [d for d in worked if d < start], [d for d in worked if d > start]
        for n in (1, 2, 3, 7, 10, 20):
            assert calendar.add(start, n) == after[n - 1]
            assert calendar.add(start, -n) == before[-n]
        assert calendar.add(start, 0) == start


def test_shifting_agrees_with_the_table_on_every_day_off():
    calendar = build_calendar()
    for day in EVERY_DAY[10:-10]:
        if not announced(day):
            assert calendar.shift(day, Shift.NEXT) == next(d for d in EVERY_DAY if d > day and announced(d))
            assert calendar.shift(day, Shift.PREVIOUS) == next(d for d in reversed(EVERY_DAY) if d < day and announced(d))


def test_a_weekday_comparison_alone_would_be_wrong_on_the_make_up_days():
    """What the library's own list of holidays gives without its working-day question."""
    calendar = build_calendar()
    assert {day for day in EVERY_DAY if day.weekday() >= 5 and calendar.is_working(day)} == WORKED


def test_every_proposed_day_has_a_document_and_a_name():
    assert not [day for day in proposed_days() if not (day.document and day.name.vi and day.name.en)]
    assert [d.day for d in proposed_days() if d.day.year in ANNOUNCED] == sorted(OFF | WORKED)
