"""What somebody wants changed in the calendar, read from what they gave: everything wrong with it is said at once, each at its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine import payload as given
from engine.calendar import WorkCalendar
from engine.definition import CalendarOverride, Text
from engine.errors import Invalid, InvalidFields

LONGEST_HOLIDAY = 31  # days in one entry: more is a slip of the finger
MOST_MAKE_UPS = 10
LONGEST_DOCUMENT = 300
ADDITION = ("off_from", "off_to", "make_up", "document")  # fields, in the order of the form


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of the calendar: days to record, recorded days to remove, and the document that says so."""

    days: tuple[CalendarOverride, ...]
    removed: tuple[date, ...]
    document: str


def additions(form: Mapping[str, Any], *, calendar: WorkCalendar, earliest: date, latest: date) -> Proposal:
    """Days off and make-up days from ``form``; raises `InvalidFields` with every problem.

    It holds ``off_from`` and ``off_to`` (of the range only worked days become days off), ``make_up`` (days, by comma) and ``document``.
    """
    problems: dict[str, Text] = {}
    first, last = _day(form, "off_from", problems), _day(form, "off_to", problems)
    make_ups = _make_ups(form, problems)
    document = _document(form, problems)
    if not (first or last or make_ups or problems.keys() - {"document"}):
        problems["off_from"] = Text("Ghi ngày nghỉ hoặc ngày làm bù.", "Give a day off or a make-up day.")
    off = _off(first, last, calendar, problems)
    for name, days in (("off_from", off), ("make_up", make_ups)):
        _within(name, days, earliest, latest, problems)
    _worked_already(make_ups, off, calendar, problems)
    if problems:
        raise InvalidFields({name: problems[name] for name in ADDITION if name in problems})
    worked = {**dict.fromkeys(off, False), **dict.fromkeys(make_ups, True)}
    return Proposal(tuple(CalendarOverride(day, worked[day], document) for day in sorted(worked)), (), document)


def removal(form: Mapping[str, Any], *, recorded: frozenset[date]) -> Proposal:
    """Taking back the recorded ``day``; ``document`` says why. Raises `InvalidFields` with every problem."""
    problems: dict[str, Text] = {}
    day, document = _day(form, "day", problems), _document(form, problems)
    if day is None:
        problems.setdefault("day", given.missing("day").text)
    elif day not in recorded:
        problems["day"] = Text(f"Ngày {day:%d/%m/%Y} không được ghi riêng trong lịch.", f"{day:%d/%m/%Y} is not recorded in the calendar.")
    if problems or day is None:
        raise InvalidFields(problems)
    return Proposal((), (day,), document)


def _off(first: date | None, last: date | None, calendar: WorkCalendar, problems: dict[str, Text]) -> list[date]:
    """The worked days from ``first`` to ``last``."""
    if first is None:
        if last is not None and "off_from" not in problems:
            problems["off_from"] = Text("Ghi ngày đầu của kỳ nghỉ.", "Give the first day of the holiday.")
        return []
    last = last or first
    length = (last - first).days + 1
    if length < 1:
        problems["off_to"] = Text(f"Trước ngày đầu {first:%d/%m/%Y}.", f"It is before the first day, {first:%d/%m/%Y}.")
        return []
    if length > LONGEST_HOLIDAY:
        problems["off_to"] = Text(f"Tối đa {LONGEST_HOLIDAY} ngày một lần ghi.", f"At most {LONGEST_HOLIDAY} days at once.")
        return []
    off = [day for day in (first + timedelta(days=n) for n in range(length)) if calendar.is_working(day)]
    if not off:
        shown = f"{first:%d/%m/%Y}" if length == 1 else f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"
        problems["off_from"] = Text(f"{shown} đã là ngày nghỉ.", f"{shown} is off already.")
    return off


def _make_ups(form: Mapping[str, Any], problems: dict[str, Text]) -> list[date]:
    value = form.get("make_up") or ()
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else list(value)
    try:
        days = [given.required_day({"make_up": part}, "make_up") for part in parts if part]
    except Invalid as error:
        problems["make_up"] = error.text
        return []
    if len(days) > MOST_MAKE_UPS:
        problems["make_up"] = Text(f"Tối đa {MOST_MAKE_UPS} ngày một lần ghi.", f"At most {MOST_MAKE_UPS} days at once.")
    return sorted(set(days))


def _worked_already(make_ups: Sequence[date], off: Sequence[date], calendar: WorkCalendar, problems: dict[str, Text]) -> None:
    both = sorted(set(make_ups) & set(off))
    worked = [day for day in make_ups if calendar.is_working(day) and day not in both]
    if both:
        shown = _listed(both)
        problems["make_up"] = Text(f"{shown} vừa nghỉ vừa làm bù.", f"{shown}: both off and made up.")
    elif worked:
        shown = _listed(worked)
        problems["make_up"] = Text(f"{shown} đã là ngày làm việc.", f"{shown}: worked already.")


def _within(name: str, days: Sequence[date], earliest: date, latest: date, problems: dict[str, Text]) -> None:
    """A day before any plan was issued counts for nothing, one far ahead is mistyped."""
    if any(day < earliest for day in days):
        problems[name] = Text(f"Trước ngày ban hành kế hoạch, {earliest:%d/%m/%Y}.", f"Before the plan was issued, {earliest:%d/%m/%Y}.")
    elif any(day > latest for day in days):
        problems[name] = Text(f"Quá xa: sau {latest:%d/%m/%Y}.", f"Too far ahead: after {latest:%d/%m/%Y}.")


def _day(form: Mapping[str, Any], name: str, problems: dict[str, Text]) -> date | None:
    try:
        return given.day(dict(form), name)
    except Invalid as error:
        problems[name] = error.text
        return None


def _document(form: Mapping[str, Any], problems: dict[str, Text]) -> str:
    try:
        document = " ".join(given.text(dict(form), "document").split())
    except Invalid as error:
        problems["document"] = error.text
        return ""
    if not document:
        problems["document"] = Text("Ghi văn bản quy định.", "Give the document that says so.")
    elif len(document) > LONGEST_DOCUMENT:
        problems["document"] = Text(f"Dài quá {LONGEST_DOCUMENT} ký tự.", f"Longer than {LONGEST_DOCUMENT} characters.")
    return document


def _listed(days: Sequence[date]) -> str:
    return ", ".join(f"{day:%d/%m/%Y}" for day in days)
