"""Date rules: their grammar (docs/date-rules.md holds it as EBNF) and the day each one names in a cycle."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable
from datetime import date, timedelta
from re import Match
from typing import TYPE_CHECKING

from engine.calendar import WorkCalendar
from engine.date_suggestions import rewrites
from engine.definition import DateRule, DueKind, Every, Shift, Text

if TYPE_CHECKING:
    from engine.cycles import Cycle

MAX_OFFSET = 3660  # ten years: more is a slip of the finger, and would cost time to count
FIRST_YEAR, LAST_YEAR = 1990, 2200
FORMS = "T-60 | T | T+10wd | +7wd | +30d | 31/01 | 31/01+1y | 30/06/2024 | quarter-end-month/14 | issue+30wd | none"


class DateRuleError(ValueError):
    """A text that is no date rule. ``text`` says what is wrong, ``hint`` what would be right; ``suggestion`` may be ''."""

    def __init__(self, text: Text, suggestion: str = "") -> None:
        super().__init__(text.en)
        self.text = text
        self.suggestion = suggestion
        self.hint = (
            Text(f"Có phải là “{suggestion}”?", f"Did you mean “{suggestion}”?")
            if suggestion
            else Text(f"Các dạng đúng: {FORMS}", f"Valid forms: {FORMS}")
        )


def parse_rule(text: str) -> DateRule:
    """The rule that ``text`` writes. Raises DateRuleError, with the nearest valid rule where one can be guessed."""
    try:
        return _parse(text)
    except DateRuleError as error:
        raise DateRuleError(error.text, error.suggestion or _suggest(text)) from None


def default_shift(rule: DateRule) -> Shift:
    """Where a due date by ``rule`` goes off a day off: back for T-n and report cut-offs, T itself nowhere, else on."""
    if rule.kind is DueKind.ANCHOR and rule.offset == 0:
        return Shift.NONE
    before_anchor = rule.kind is DueKind.ANCHOR and rule.offset < 0
    return Shift.PREVIOUS if before_anchor or rule.kind is DueKind.PERIOD_END else Shift.NEXT


def period_of(rule: DateRule) -> Every:
    """The period that a PERIOD_END rule names (``quarter`` in ``quarter-end-month/14``)."""
    return Every(rule.text.strip().partition("-end-month")[0])


def resolve(rule: DateRule, *, cycle: Cycle, issued_on: date, opened_on: date | None, calendar: WorkCalendar) -> date | None:
    """The day that ``rule`` names, not yet shifted off days off; None without a deadline, or AFTER while not opened.

    Raises ValueError for a T rule in a cycle without an anchor (`engine.coherence` reports that in a pack).
    """
    if rule.kind is DueKind.DAY:
        return _clamped(rule.year or cycle.first.year + rule.years, rule.month or 1, rule.day or 1)
    if rule.kind is DueKind.PERIOD_END:
        return _clamped(cycle.last.year, cycle.last.month, rule.day or 1)
    start = {DueKind.ANCHOR: cycle.anchor, DueKind.AFTER: opened_on, DueKind.ISSUE: issued_on, DueKind.NONE: None}[rule.kind]
    if start is None:
        if rule.kind is DueKind.ANCHOR:
            raise ValueError(f"{rule.text}: the cycle {cycle.code} has no anchor")
        return None
    return calendar.add(start, rule.offset) if rule.working_days else start + timedelta(days=rule.offset)


def _clamped(year: int, month: int, day: int) -> date:
    """That day, or the last of the month where it is shorter (29/02 in a common year is 28/02)."""
    return date(year, month, min(day, months.monthrange(year, month)[1]))


def _parse(text: str) -> DateRule:
    for pattern, build in _GRAMMAR:
        if match := re.fullmatch(pattern, text):
            return build(match)
    shown = text[:40]
    raise DateRuleError(Text(f"“{shown}” không phải là quy tắc ngày.", f"“{shown}” is not a date rule."))


def _suggest(text: str) -> str:
    for candidate in rewrites(text[:80]):
        try:
            _parse(candidate)
        except DateRuleError:
            continue
        return candidate
    return ""


def _offset(match: Match[str], kind: DueKind, *, sign: str = "+") -> DateRule:
    number = int(match["n"])
    if number > MAX_OFFSET:
        message = Text(f"{number} ngày là quá xa (tối đa {MAX_OFFSET}).", f"{number} days is too far (at most {MAX_OFFSET}).")
        raise DateRuleError(message)
    return DateRule(kind, match.string, offset=-number if sign == "-" else number, working_days=match["unit"] == "wd")


def _anchor(match: Match[str]) -> DateRule:
    return _offset(match, DueKind.ANCHOR, sign=match["sign"]) if match["n"] else DateRule(DueKind.ANCHOR, match.string)


def _after(match: Match[str]) -> DateRule:
    return _offset(match, DueKind.AFTER)


def _issue(match: Match[str]) -> DateRule:
    return _offset(match, DueKind.ISSUE)


def _day(match: Match[str]) -> DateRule:
    day, month = int(match["day"]), int(match["month"])
    year = int(match["year"]) if match["year"] else None
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateRuleError(
            Text(f"Năm {year} nằm ngoài {FIRST_YEAR}-{LAST_YEAR}.", f"The year {year} is outside {FIRST_YEAR}-{LAST_YEAR}.")
        )
    if not 1 <= month <= 12:
        raise DateRuleError(Text(f"Không có tháng {month}.", f"There is no month {month}."))
    length = months.monthrange(year or 2024, month)[1]  # without a year 29/02 is a day, as in the leap year 2024
    if not 1 <= day <= length:
        message = Text(f"Tháng {month} không có ngày {day}.", f"Month {month} has no day {day}.")
        raise DateRuleError(message, f"{length:02}{match.string[2:]}" if day else "")
    return DateRule(DueKind.DAY, match.string, day=day, month=month, years=int(match["years"] or 0), year=year)


def _period_end(match: Match[str]) -> DateRule:
    day = int(match["day"])
    if not 1 <= day <= 31:
        raise DateRuleError(Text(f"Không có ngày {day}.", f"There is no day {day}."))
    return DateRule(DueKind.PERIOD_END, match.string, day=day)


def _none(match: Match[str]) -> DateRule:
    return DateRule(DueKind.NONE, match.string)


_GRAMMAR: tuple[tuple[str, Callable[[Match[str]], DateRule]], ...] = (
    (r"T((?P<sign>[+-])(?P<n>[1-9][0-9]{0,4})(?P<unit>wd)?)?", _anchor),
    (r"\+(?P<n>0|[1-9][0-9]{0,4})(?P<unit>wd|d)", _after),
    (r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})(/(?P<year>[0-9]{4})|\+(?P<years>[1-9])y)?", _day),
    (r"(month|quarter|half-year|year)-end-month/(?P<day>[0-9]{2})", _period_end),
    (r"issue\+(?P<n>0|[1-9][0-9]{0,4})(?P<unit>wd|d)", _issue),
    (r"none", _none),
)
