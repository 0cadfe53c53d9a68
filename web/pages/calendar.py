"""The calendar of what falls due, a month or a week; where it stands is in the address, so that every step through it is a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import Request, Response

from engine.access import Policy
from engine.definition import Text
from services.queries.due_calendar import DueCalendar, due_calendar, month_of, week_of
from services.queries.lines import StepLine
from services.queries.units import UnitLabel
from web.pages.overdue import units_of
from web.policy import allow, pages
from web.query import address, word
from web.render import render
from web.visit import Visit, visit_of

router = pages()
FIRST, LAST = date(1990, 1, 1), date(2200, 12, 31)
MONTH, WEEK = "month", "week"


@dataclass(frozen=True, slots=True)
class Thing:
    """Steps of one kind of one workflow on one day: one step leads to its page, several to their row of the workflow's."""

    lines: tuple[StepLine, ...]

    @property
    def worst(self) -> StepLine:
        """The step whose mark stands for all."""
        return next((line for line in self.lines if line.timeliness == "overdue"), self.lines[0])

    @property
    def link(self) -> str:
        """Where it leads."""
        line = self.lines[0]
        return f"/steps/{line.id}" if len(self.lines) == 1 else f"/workflows/{line.workflow_id}#step-{line.number}"


@dataclass(frozen=True, slots=True)
class CalendarView:
    """``on``: the day that is looked at. ``before``, ``after``, ``today``, ``other``: addresses; ``other`` shows the same as week or month.

    ``units``: to choose from; ``chosen``: the one asked for, "" for one's own where ``own_first``, else all of them.
    """

    calendar: DueCalendar
    view: str
    title: Text
    on: date
    first: date
    last: date
    before: str
    after: str
    today: str
    other: str
    units: tuple[UnitLabel, ...]
    chosen: str
    own_first: bool

    def things(self, lines: tuple[StepLine, ...]) -> tuple[Thing, ...]:
        """``lines`` gathered by workflow and step, in their order."""
        found: dict[tuple[int, str], list[StepLine]] = {}
        for line in lines:
            found.setdefault((line.workflow_id, line.code), []).append(line)
        return tuple(Thing(tuple(same)) for same in found.values())

    def week(self, day: date) -> str:
        """The week around ``day``."""
        return link(WEEK, day, self.chosen)


@router.get("/calendar")
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """``?view=`` month (the default) or week, ``?on=`` a day in it, ``?unit=`` a code or all. People of a unit begin with their own."""
    visit = visit_of(request)
    view = WEEK if word(request, "view") == WEEK else MONTH
    return render(request, "calendar.html", page=view_of(visit, view, day_in(word(request, "on"), visit.now.today), word(request, "unit")))


def view_of(visit: Visit, view: str, on: date, chosen: str) -> CalendarView:
    """The calendar around ``on`` with its links."""
    first, last = week_of(on) if view == WEEK else month_of(on)
    own_first = bool(visit.actor.units) and not visit.actor.reads_everything
    units = units_of(chosen, visit.actor.units if own_first else frozenset())
    found = due_calendar(visit.db, visit.actor, visit.now, visit.context.calendar(), first=first, last=last, units=units)
    return CalendarView(
        calendar=found,
        view=view,
        title=title_of(view, first, last),
        on=on,
        first=first,
        last=last,
        before=link(view, first - timedelta(days=1), chosen) if first > FIRST else "",
        after=link(view, last + timedelta(days=1), chosen) if last < LAST else "",
        today=link(view, visit.now.today, chosen),
        other=link(MONTH if view == WEEK else WEEK, on, chosen),
        units=tuple(sorted(visit.units.labels.values(), key=lambda label: (label.position, label.code))),
        chosen=chosen,
        own_first=own_first,
    )


def day_in(written: str, today: date) -> date:
    """The ISO day in an address; today for what is none, or lies where no plan does."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return today
    return day if FIRST <= day <= LAST else today


def title_of(view: str, first: date, last: date) -> Text:
    """ "Tháng 7/2024", "Tuần 22/07 – 28/07/2024"."""
    if view == WEEK:
        return Text(f"Tuần {first:%d/%m} – {last:%d/%m/%Y}", f"Week {first:%d/%m} – {last:%d/%m/%Y}")
    return Text(f"Tháng {first.month}/{first.year}", f"{first:%B} {first.year}")


def link(view: str, on: date, unit: str) -> str:
    """The address of a picture."""
    return address("/calendar", view=WEEK if view == WEEK else "", on=on.isoformat(), unit=unit)
