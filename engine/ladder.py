"""The ladder of reminders: on which days around a due date who hears what.

Each rung falls at 07:30 local on a working day. Offsets count working days from the due day D. Source of the default: the product's own
choice, changeable per office and per plan. Escalation above the unit is *proposed* to the standing agency, never sent by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.calendar import WorkCalendar
from engine.definition import Shift
from engine.instants import at_local


@dataclass(frozen=True, slots=True)
class Rung:
    """``code`` names it in keys and in the mail; ``repeat_days`` > 0 repeats it every so many calendar days."""

    code: str
    kind: str  # the notice's kind: due-soon | overdue | approval-overdue | escalation
    offset: int
    audience: str  # lead | head | agency | approver
    repeat_days: int = 0
    proposed: bool = False


DUE_LADDER: tuple[Rung, ...] = (
    Rung("D-7", "due-soon", -7, "lead"),
    Rung("D-3", "due-soon", -3, "lead"),
    Rung("D-1", "due-soon", -1, "lead"),
    Rung("D", "due-soon", 0, "lead"),
    Rung("D+1", "overdue", 1, "lead"),
    Rung("D+3", "overdue", 3, "lead"),
    Rung("D+3-head", "escalation", 3, "head"),
    Rung("D+7-agency", "escalation", 7, "agency", proposed=True),
    Rung("D+14-committee", "escalation", 14, "agency", proposed=True),
    Rung("D+7", "overdue", 7, "lead", repeat_days=7),
)
APPROVAL_LADDER: tuple[Rung, ...] = (
    Rung("A", "approval-due", 0, "approver"),
    Rung("A+1", "approval-overdue", 1, "approver"),
    Rung("A+3", "approval-overdue", 3, "approver", repeat_days=7),
)


@dataclass(frozen=True, slots=True)
class Due:
    """A rung at its instant; ``number`` counts the repeats (0 for the first)."""

    at: datetime
    rung: Rung
    number: int = 0

    @property
    def key(self) -> str:
        """Stable name of this rung: "D+7", then "D+7/1", …"""
        return f"{self.rung.code}/{self.number}" if self.number else self.rung.code


def rungs_between(ladder: tuple[Rung, ...], due_on: date, since: datetime, until: datetime, calendar: WorkCalendar) -> tuple[Due, ...]:
    """The rungs with ``since`` <= instant <= ``until``, in time order."""
    found = [due for rung in ladder for due in _upto(rung, due_on, until, calendar) if since <= due.at]
    return tuple(sorted(found, key=lambda d: (d.at, d.rung.code)))


def next_after(ladder: tuple[Rung, ...], due_on: date, after: datetime, calendar: WorkCalendar) -> datetime | None:
    """The first instant later than ``after`` at which a rung falls; None when the ladder has ended."""
    later = [instant for rung in ladder if (instant := _first_after(rung, due_on, after, calendar)) is not None]
    return min(later, default=None)


def _occurrences(rung: Rung, due_on: date, calendar: WorkCalendar) -> Iterator[Due]:
    first = calendar.add(due_on, rung.offset) if rung.offset else calendar.shift(due_on, Shift.PREVIOUS)
    yield Due(at_local(first, 7, 30), rung)
    number, day = 0, first
    while rung.repeat_days:
        number, day = number + 1, day + timedelta(days=rung.repeat_days)
        yield Due(at_local(calendar.shift(day, Shift.NEXT), 7, 30), rung, number)


def _upto(rung: Rung, due_on: date, until: datetime, calendar: WorkCalendar) -> Iterator[Due]:
    for due in _occurrences(rung, due_on, calendar):
        if due.at > until:
            return
        yield due


def _first_after(rung: Rung, due_on: date, after: datetime, calendar: WorkCalendar) -> datetime | None:
    return next((due.at for due in _occurrences(rung, due_on, calendar) if due.at > after), None)
