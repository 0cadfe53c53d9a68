"""A workflow in time: each step's due dates beside its original ones, what was handed in when, and which open steps decide the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from engine.definition import Text
from engine.statuses import PASSED, Timeliness
from services.queries.lines import StepLine
from services.queries.process import Process, ProcessStep

MARGIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class TimeRow:
    """A step, or a fan-out as a whole. ``first`` to ``last``: its due dates. ``original``: the original date that most had.

    ``handed_in``: (day, timeliness) of each submission. ``late``: steps overdue now. ``critical``: it decides the end.
    """

    number: int
    title: Text
    step_id: int
    first: date
    last: date
    original: date | None
    handed_in: tuple[tuple[date, Timeliness], ...]
    late: int
    done: int
    total: int
    critical: bool

    @property
    def moved(self) -> int:
        """Days by which the date has moved from the original one."""
        return (self.last - self.original).days if self.original else 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """``first`` to ``last``: the days that are drawn, today among them. ``critical``: numbers of the open steps that decide the end."""

    rows: tuple[TimeRow, ...]
    first: date
    last: date
    critical: tuple[int, ...]


def timeline(process: Process, today: date) -> Timeline | None:
    """The steps that have a date, in their order; None where none has."""
    path = critical_path(process)
    rows = tuple(row for step in process.steps if (row := _row(step, step.number in path)))
    if not rows:
        return None
    days = [today, *(d for r in rows for d in (r.first, r.last, *((r.original,) if r.original else ()), *(day for day, _ in r.handed_in)))]
    return Timeline(rows, min(days) - MARGIN, max(days) + MARGIN, path)


def critical_path(process: Process) -> tuple[int, ...]:
    """The open steps that decide when the workflow ends: the last to fall due, and back from it always the latest that it waits for."""
    due = {step.number: max(days) for step in process.steps if _open(step) and (days := _days(step))}
    path: list[int] = []
    candidates: Iterable[int] = due
    while found := [number for number in candidates if number in due]:
        path.append(max(found, key=lambda number: (due[number], number)))
        candidates = [link.before for link in process.before(path[-1]) if link.before not in path]
    return tuple(reversed(path))


def _row(step: ProcessStep, critical: bool) -> TimeRow | None:
    lines, days = [slot.step for slot in step.slots], _days(step)
    if not days:
        return None
    originals = Counter(line.original_on for line in lines if line.original_on).most_common(1)
    return TimeRow(
        number=step.number,
        title=step.title,
        step_id=lines[0].id,
        first=min(days),
        last=max(days),
        original=originals[0][0] if originals else None,
        handed_in=tuple((line.submitted_on, line.timeliness) for line in lines if line.submitted_on),
        late=sum(line.timeliness is Timeliness.OVERDUE for line in lines),
        done=sum(line.status in PASSED for line in lines),
        total=len(lines),
        critical=critical,
    )


def _days(step: ProcessStep) -> list[date]:
    return [slot.step.day for slot in step.slots if slot.step.day]


def _open(step: ProcessStep) -> bool:
    return any(_unfinished(slot.step) for slot in step.slots)


def _unfinished(line: StepLine) -> bool:
    return line.status not in PASSED and not line.closed
