"""The calendar of what falls due: a month or a week of days, each with its open steps and the decisions that it waits for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.definition import Text
from engine.instants import Now, end_of_day
from models import calendar as calendar_sql
from models.database import Database
from models.reading import due as sql
from services.queries.calendar_page import day_kind
from services.queries.lines import StepLine, step_lines

MOST = 600  # steps of one picture; a page says so where there are more
ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DueDay:
    """``kind``: worked | off | made-up | weekend, with the ``name`` of a day off. ``within``: it belongs to the month that is shown.

    ``due``: steps due that day; ``decide``: submitted steps to be decided on by that day.
    """

    day: date
    kind: str
    name: Text
    within: bool
    due: tuple[StepLine, ...]
    decide: tuple[StepLine, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing falls due."""
        return not self.due and not self.decide


@dataclass(frozen=True, slots=True)
class DueCalendar:
    """``weeks`` from Monday to Sunday. ``total``: steps and decisions in them; ``cut``: there are more than could be shown."""

    weeks: tuple[tuple[DueDay, ...], ...]
    total: int
    cut: bool


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of the month of ``day``."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY


def week_of(day: date) -> tuple[date, date]:
    """The Monday and the Sunday around ``day``."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def due_calendar(
    db: Database, viewer: Actor, now: Now, calendar: WorkCalendar, *, first: date, last: date, units: Collection[str]
) -> DueCalendar:
    """The whole weeks around ``first`` to ``last``; narrowed to ``units`` unless it is empty, and to what ``viewer`` may know of."""
    start, end = week_of(first)[0], week_of(last)[1]
    with db.read() as connection:
        window = end_of_day(start - ONE_DAY), end_of_day(end), units, MOST
        due_rows = sql.falling_due(connection, viewer, *window)
        decide_rows = sql.to_decide(connection, viewer, *window)
        due = _by_day(zip((row.due_on for row in due_rows), step_lines(connection, due_rows, now), strict=True))
        decide = _by_day(zip((row.approval_due_on for row in decide_rows), step_lines(connection, decide_rows, now), strict=True))
        names = {row.day: Text(row.name_vi, row.name_en or "") for row in calendar_sql.days(connection) if start <= row.day <= end}
    days = [
        DueDay(
            day=day,
            kind=day_kind(day, calendar),
            name=names.get(day, Text("")),
            within=first <= day <= last,
            due=due.get(day, ()),
            decide=decide.get(day, ()),
        )
        for day in (start + n * ONE_DAY for n in range((end - start).days + 1))
    ]
    weeks = tuple(tuple(days[n : n + 7]) for n in range(0, len(days), 7))
    return DueCalendar(weeks, len(due_rows) + len(decide_rows), MOST in (len(due_rows), len(decide_rows)))


def _by_day(dated: Iterable[tuple[date | None, StepLine]]) -> dict[date, tuple[StepLine, ...]]:
    found: dict[date, list[StepLine]] = {}
    for day, line in dated:
        if day is not None:
            found.setdefault(day, []).append(line)
    return {day: tuple(lines) for day, lines in found.items()}
