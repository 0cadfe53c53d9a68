"""The ladder of reminders: on which days around a due date who hears what.

Each rung falls at 07:30 local on a working day. Source of the default below: the product's own choice; a plan pack changes it for the
plan, a key task, a workflow or a step. Escalation above the unit is *proposed* to the standing agency, never sent by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.calendar import WorkCalendar
from engine.definition import Shift
from engine.instants import at_local
from engine.rungs import Rung, parse_at, rung


def _(at: str, tell: str, repeat_days: int = 0) -> Rung:
    found = parse_at(at)
    assert found is not None, at
    return rung(found, tell, repeat_days=repeat_days)


DUE_LADDER: tuple[Rung, ...] = (
    _("D-7wd", "lead"),
    _("D-3wd", "lead"),
    _("D-1wd", "lead"),
    _("D", "lead"),
    _("D+1wd", "lead"),
    _("D+3wd", "lead"),
    _("D+3wd", "head"),
    _("D+7wd", "agency"),  # proposed
    _("D+14wd", "committee"),  # proposed
    _("D+7wd", "lead", repeat_days=7),
)
APPROVAL_LADDER: tuple[Rung, ...] = (
    _("A", "approver"),
    _("A+1wd", "approver"),
    _("A+3wd", "approver", repeat_days=7),
)


@dataclass(frozen=True, slots=True)
class Ladders:
    """The two ladders of a step: for whoever works on it, and for whoever confirms it."""

    due: tuple[Rung, ...] = DUE_LADDER
    approval: tuple[Rung, ...] = APPROVAL_LADDER


DEFAULT = Ladders()


def ladders(given: Iterable[tuple[Rung, ...] | None], otherwise: Ladders = DEFAULT) -> Ladders:
    """The ladders where ``given`` are those of plan, key task, workflow and step, in this order; None where nothing is said.

    A list takes the place of the ladder above it for the clocks that it names; an empty one means that nobody is reminded.
    """
    found = otherwise
    for own in given:
        if own is not None:
            due, approval = tuple(r for r in own if not r.of_approval), tuple(r for r in own if r.of_approval)
            found = Ladders(due if due or not own else found.due, approval if approval or not own else found.approval)
    return found


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
    first = _first(rung, due_on, calendar)
    yield Due(at_local(first, 7, 30), rung)
    number, day = 0, first
    while rung.repeat_days:
        number, day = number + 1, day + timedelta(days=rung.repeat_days)
        yield Due(at_local(calendar.shift(day, Shift.NEXT), 7, 30), rung, number)


def _first(rung: Rung, due_on: date, calendar: WorkCalendar) -> date:
    """A working day: reminders come before a day off, what follows the due day after it."""
    if rung.offset and rung.working_days:
        return calendar.add(due_on, rung.offset)
    return calendar.shift(due_on + timedelta(days=rung.offset), Shift.NEXT if rung.offset > 0 else Shift.PREVIOUS)


def _upto(rung: Rung, due_on: date, until: datetime, calendar: WorkCalendar) -> Iterator[Due]:
    for due in _occurrences(rung, due_on, calendar):
        if due.at > until:
            return
        yield due


def _first_after(rung: Rung, due_on: date, after: datetime, calendar: WorkCalendar) -> datetime | None:
    return next((due.at for due in _occurrences(rung, due_on, calendar) if due.at > after), None)
