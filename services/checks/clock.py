"""Checks of what time has brought by an instant: rungs of the ladder that are behind, steps that are late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import RowMapping

from engine.calendar import WorkCalendar
from engine.instants import end_of_day
from engine.ladder import Due, Ladders, rungs_between
from engine.rungs import Rung
from engine.statuses import WorkStatus
from notifications.keys import rung_key
from services.checks.findings import Broken
from services.sweep import ladder_of, rung_version

S = WorkStatus


class RungsBehind:
    """The rungs that should have been sent, or passed over, in (``since``, ``until``]."""

    def __init__(self, since: datetime | None, until: datetime, calendar: WorkCalendar, ladders: Callable[[RowMapping], Ladders]) -> None:
        self.since, self.until, self.calendar, self.ladders = since, until, calendar, ladders
        self._known: dict[tuple[int, date], tuple[Due, ...]] = {}

    def keys(self, steps: Iterable[RowMapping]) -> dict[str, RowMapping]:
        """Notice keys with their steps. A rung counts only while the present holder has held the clock, and by the present date."""
        found: dict[str, RowMapping] = {}
        for step in steps:
            ladder, day = ladder_of(step, self.ladders(step))
            behind = self._of(ladder, day) if day is not None else ()
            held_since = max((i for i in (step["opened_at"], step["changed_at"]) if i is not None), default=None)
            for due in behind:
                if held_since is None or due.at >= held_since:
                    found[rung_key(step["id"], due.key, rung_version(step, due.rung))] = step
        return found

    def _of(self, ladder: tuple[Rung, ...], day: date) -> tuple[Due, ...]:
        """The rungs of ``ladder`` around ``day`` that are behind. Many steps share both; a ladder is known by its identity."""
        key = (id(ladder), day)
        if key not in self._known:
            since = self.since or end_of_day(date(1970, 1, 1))
            due = rungs_between(ladder, day, since, self.until, self.calendar)
            self._known[key] = tuple(d for d in due if self.since is None or d.at > self.since)
        return self._known[key]


def rungs_told(expected: dict[str, RowMapping], known: set[str]) -> Iterator[Broken]:
    """Each of ``expected`` is among the ``known`` keys."""
    for key in sorted(expected.keys() - known):
        step = expected[key]
        yield Broken("rungs", f"the rung {key} was neither sent nor passed over", step["workflow_id"], step["id"])


def late_is_shown(unfinished: Iterable[RowMapping], shown: set[int], at: datetime) -> Iterator[Broken]:
    """Lists show as overdue exactly the unfinished steps past their date whose unit's clock was not stopped in time."""
    for step in unfinished:
        late = is_late(step, at)
        if late != (step["id"] in shown):
            what = f"due on {step['due_on']}, {step['status']}: it is {'late and not' if late else 'not late but'} shown as overdue"
            yield Broken("overdue", what, step["workflow_id"], step["id"])


def is_late(step: RowMapping, at: datetime) -> bool:
    """Whether an unfinished step is past its date at ``at``: handed in or suspended in time it is not, handed in late it stays late."""
    if step["due_on"] is None or at < end_of_day(step["due_on"]):
        return False
    stopped = {S.SUBMITTED: step["submitted_on"], S.SUSPENDED: step["suspended_on"]}.get(S(step["status"]))
    return stopped is None or stopped > step["due_on"]
