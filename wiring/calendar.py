"""The working days of Viet Nam as proposed to the office: the `holidays` library, and what it misses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version

from engine.calendar import SATURDAY, WorkCalendar
from engine.definition import CalendarOverride, Text

FIRST_YEAR, LAST_YEAR = 2021, 2035  # later years have weekends only, until a release adds them

SWAP_2026 = "Thông báo hoán đổi ngày làm việc, 25/12/2025"
MISSED = (
    CalendarOverride(date(2026, 1, 2), False, SWAP_2026, Text("Nghỉ Tết Dương lịch", "Day off, New Year")),
    CalendarOverride(date(2026, 1, 10), True, SWAP_2026, Text("Làm bù cho ngày 02/01/2026", "Make-up day for 02/01/2026")),
)
"""Swaps announced after the library's release."""

MAKE_UP = Text("Ngày làm bù", "Make-up day")
CULTURE_DAY = "Vietnam Cultural Day"  # off in the library, the Monday after it too; no law confirmed it: if one does, the day is recorded


def build_calendar(overrides: Iterable[CalendarOverride] = (), *, culture_day_off: bool = False) -> WorkCalendar:
    """The calendar of 2021-2035 as proposed, with ``overrides`` (a plan's) on top, the later one winning.

    ``culture_day_off``: 24 November from 2026 on, which the library holds to be off though no law confirmed it.
    """
    return _base(culture_day_off).with_overrides(overrides)


@lru_cache(maxsize=2)
def proposed_days(*, culture_day_off: bool = False) -> tuple[CalendarOverride, ...]:
    """What is proposed to the office as its own days of 2021-2035: every weekday off, every weekend day worked, in order.

    From the library, each with its name; corrected by what it misses.
    """
    from holidays import country_holidays  # a second to load, and not needed where the office keeps its own calendar

    vi, en = (country_holidays("VN", years=range(FIRST_YEAR, LAST_YEAR + 1), language=language) for language in ("vi", "en_US"))
    document = f"Thư viện holidays {version('holidays')}"
    found: dict[date, CalendarOverride] = {}
    for day in _days():
        working, english = vi.is_working_day(day), en.get(day, "")
        if working != (day.weekday() < SATURDAY) and (culture_day_off or not english.startswith(CULTURE_DAY)):
            name = MAKE_UP if working else Text(vi.get(day, ""), _english(english))
            found[day] = CalendarOverride(day, working, document, name)
    return tuple(sorted((found | {day.day: day for day in MISSED}).values(), key=lambda day: day.day))


@lru_cache(maxsize=2)
def _base(culture_day_off: bool) -> WorkCalendar:
    return WorkCalendar().with_overrides(proposed_days(culture_day_off=culture_day_off))


def _days() -> list[date]:
    first = date(FIRST_YEAR, 1, 1)
    return [first + timedelta(days=i) for i in range((date(LAST_YEAR + 1, 1, 1) - first).days)]


def _english(name: str) -> str:
    """The library writes days of the month the American way; the product writes day/month everywhere."""
    return re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\2/\1/\3", name)
