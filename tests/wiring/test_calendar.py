"""The working days of Viet Nam, beside the figures of the Ministry's announcements."""

from __future__ import annotations

from datetime import date

import pytest

from engine.definition import CalendarOverride, Shift
from wiring.calendar import build_calendar


@pytest.mark.parametrize(("year", "number"), [(2022, 249), (2023, 249), (2024, 251), (2025, 250)])
def test_working_days_of_a_year(year, number):
    assert build_calendar().between(date(year - 1, 12, 31), date(year, 12, 31)) == number


@pytest.mark.parametrize("day", [date(2024, 5, 4), date(2025, 4, 26), date(2026, 8, 22), date(2026, 1, 10)])
def test_make_up_saturdays_are_worked(day):
    assert build_calendar().is_working(day)


@pytest.mark.parametrize(
    "day", [*(date(year, 4, 30) for year in range(2022, 2026)), date(2025, 1, 31), date(2024, 4, 29), date(2026, 1, 2)]
)
def test_days_off(day):
    assert not build_calendar().is_working(day)


@pytest.mark.parametrize("year", [2026, 2027])
def test_24_november_is_off_only_where_the_setting_says_so(year):
    assert build_calendar().is_working(date(year, 11, 24))
    assert not build_calendar(culture_day_off=True).is_working(date(year, 11, 24))
    assert build_calendar(culture_day_off=True).is_working(date(2025, 11, 24))


def test_an_administrators_day_overrides_what_is_shipped():
    storm = CalendarOverride(date(2026, 1, 10), False, "Công điện 1")
    assert not build_calendar([storm]).is_working(storm.day)
    assert build_calendar().is_working(storm.day)


def test_the_lunar_new_year_moves_a_date_past_the_whole_holiday():
    assert build_calendar().shift(date(2025, 1, 31), Shift.NEXT) == date(2025, 2, 3)
    assert build_calendar().shift(date(2025, 1, 31), Shift.PREVIOUS) == date(2025, 1, 24)
