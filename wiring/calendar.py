"""The working days of Viet Nam: the `holidays` library, and what it misses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

from engine.calendar import SATURDAY, WorkCalendar
from engine.definition import CalendarOverride, Text

FIRST_YEAR, LAST_YEAR = 2021, 2035  # later years have weekends only, until a release adds them

SWAP_2026 = "Thông báo hoán đổi ngày làm việc, 25/12/2025"
MISSED = (
    CalendarOverride(date(2026, 1, 2), False, SWAP_2026, Text("Nghỉ Tết Dương lịch", "Day off, New Year")),
    CalendarOverride(date(2026, 1, 10), True, SWAP_2026, Text("Làm bù cho ngày 02/01/2026", "Make-up day for 02/01/2026")),
)
"""Swaps announced after the library's release."""

CULTURE_DAY_FROM = 2026
CULTURE_DAY_DOCUMENT = "Thư viện lịch ghi 24/11 là ngày nghỉ, chưa có luật xác nhận"


def build_calendar(overrides: Iterable[CalendarOverride] = (), *, culture_day_off: bool = False) -> WorkCalendar:
    """The calendar of 2021-2035 with ``overrides`` (the plan's, then the administrator's) on top, the later one winning.

    ``culture_day_off``: 24 November from 2026 on, which the library holds to be off though no law confirmed it.
    """
    return _base(culture_day_off).with_overrides(overrides)


@lru_cache(maxsize=2)
def _base(culture_day_off: bool) -> WorkCalendar:
    library = country_holidays("VN", years=range(FIRST_YEAR, LAST_YEAR + 1))
    first = date(FIRST_YEAR, 1, 1)
    days = [first + timedelta(days=i) for i in range((date(LAST_YEAR + 1, 1, 1) - first).days)]
    working = {day for day in days if library.is_working_day(day)}
    off = frozenset(day for day in days if day.weekday() < SATURDAY and day not in working)
    make_up = frozenset(day for day in working if day.weekday() >= SATURDAY)
    corrections = MISSED if culture_day_off else (*MISSED, *_culture_days_worked())
    return WorkCalendar(off, make_up).with_overrides(corrections)


def _culture_days_worked() -> list[CalendarOverride]:
    days = [date(year, 11, 24) for year in range(CULTURE_DAY_FROM, LAST_YEAR + 1)]
    return [CalendarOverride(day, True, CULTURE_DAY_DOCUMENT) for day in days if day.weekday() < SATURDAY]
