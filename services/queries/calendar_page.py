"""The office's calendar of one year: its days off and make-up days with their documents, what is proposed, what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.calendar import SATURDAY, WorkCalendar
from engine.definition import CalendarOverride, Text
from engine.instants import Now
from models import calendar as sql
from models.database import Database
from services.working_days import Days, Proposing, calendar_in

LATEST = 12  # changes shown
OFF, MADE_UP, WEEKEND, WORKED = "off", "made-up", "weekend", "worked"
OFF_DAY, MAKE_UP, WORKING = Text("Ngày nghỉ", "Day off"), Text("Ngày làm bù", "Make-up day"), Text("Ngày làm việc", "Working day")


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day with its document. ``source``: library | plan | office; "proposed" while the office has not recorded it.

    ``recorded_at``: business time.
    """

    day: date
    working: bool
    name: Text
    document: str
    source: str
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the year's picture. ``kind``: off (a weekday) | made-up (a weekend day worked) | weekend | worked."""

    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class Month:
    """``weeks`` from Monday to Sunday, None where another month's day stands. ``worked``: how many working days."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    worked: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change that was made. ``days``: (day, worked, off or None for taken back). ``finished``: every date was looked at."""

    id: int
    at: datetime
    who: str
    kind: str
    document: str
    days: tuple[tuple[date, bool | None], ...]
    moved: int
    finished: bool


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """``proposals``: days that the library proposes and the office has otherwise; ``withdrawn``: those it proposes no longer."""

    year: int
    years: tuple[int, ...]
    worked: int
    lines: tuple[DayLine, ...]
    months: tuple[Month, ...]
    proposals: Days
    withdrawn: tuple[DayLine, ...]
    changes: tuple[ChangeLine, ...]


def calendar_page(db: Database, now: Now, proposed: Proposing, *, year: int | None = None) -> CalendarPage:
    """The calendar of ``year`` (this year if None). Days of the calendar are nobody's secret, so nothing here is narrowed by person."""
    library = proposed()
    with db.read() as connection:
        kept, rows = sql.is_kept(connection), sql.days(connection)
        calendar = calendar_in(connection, proposed)
        lines = _lines(rows, () if kept else library)
        changes = tuple(_change(row) for row in sql.changes(connection, LATEST))
        issued = sql.first_issue(connection)
    year = year or now.today.year
    first = issued.year if issued else now.today.year - 1
    last = max(now.today.year + 1, max((line.day.year for line in lines), default=0))
    months = tuple(_month(date(year, number, 1), calendar) for number in range(1, 13))
    return CalendarPage(
        year=year,
        years=tuple(range(min(first, year), min(last, now.today.year + 2) + 1)),
        worked=sum(month.worked for month in months),
        lines=tuple(line for line in lines if line.day.year == year),
        months=months,
        proposals=_proposals(library, rows, calendar, now.today) if kept else (),
        withdrawn=_withdrawn(library, lines, now.today) if kept else (),
        changes=changes,
    )


def recorded_lines(db: Database, proposed: Proposing) -> tuple[DayLine, ...]:
    """Every day that differs from the plain week, in order."""
    with db.read() as connection:
        return _lines(sql.days(connection), () if sql.is_kept(connection) else proposed())


def _lines(rows: Sequence[Any], library: Days) -> tuple[DayLine, ...]:
    found = {d.day: DayLine(d.day, d.working, d.name, d.document, "proposed") for d in library}
    for row in rows:
        name = Text(row.name_vi, row.name_en) if row.name_vi else _name(row.day, row.working)
        found[row.day] = DayLine(row.day, row.working, name, row.document, row.source, row.changed_at)
    return tuple(found[day] for day in sorted(found))


def _name(day: date, working: bool) -> Text:
    if not working:
        return OFF_DAY
    return MAKE_UP if day.weekday() >= SATURDAY else WORKING


def _proposals(library: Days, rows: Sequence[Any], calendar: WorkCalendar, today: date) -> tuple[CalendarOverride, ...]:
    """What another release of the library knows that the office has not decided on, from today on."""
    decided = {row.day for row in rows if row.source != "library"}
    return tuple(d for d in library if d.day >= today and d.day not in decided and calendar.is_working(d.day) is not d.working)


def _withdrawn(library: Days, lines: Sequence[DayLine], today: date) -> tuple[DayLine, ...]:
    proposed = {d.day: d.working for d in library}
    return tuple(line for line in lines if line.source == "library" and line.day >= today and proposed.get(line.day) is not line.working)


def _month(first: date, calendar: WorkCalendar) -> Month:
    after = (first + timedelta(days=31)).replace(day=1)
    days = [first + timedelta(days=n) for n in range((after - first).days)]
    cells: list[Cell | None] = [*([None] * first.weekday()), *(Cell(day, day_kind(day, calendar)) for day in days)]
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[n : n + 7]) for n in range(0, len(cells), 7))
    return Month(first, weeks, sum(calendar.is_working(day) for day in days))


def day_kind(day: date, calendar: WorkCalendar) -> str:
    """How a picture shows ``day``: off | made-up | weekend | worked."""
    worked, weekend = calendar.is_working(day), day.weekday() >= SATURDAY
    if worked:
        return MADE_UP if weekend else WORKED
    return WEEKEND if weekend else OFF


def _change(row: Any) -> ChangeLine:
    days = tuple((date.fromisoformat(state["day"]), state["after"]) for state in row.days)
    return ChangeLine(
        row.id, row.business_at, row.who or "", row.kind, row.document, days, row.moved, row.finished_at is not None
    )  # fmt: skip
