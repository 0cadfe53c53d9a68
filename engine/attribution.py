"""Whose days they are: each calendar day past a date belongs to whoever held the clock when it began.

Submitting hands the clock to the approver, returning hands it back; it never moves the date. While a step waits for others its days go to
the holder of the step before it that is overdue the longest. While it is suspended, or was done, they are nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.compiled import CompiledWorkflow
from engine.turns import Clock, Turn

Place = tuple[str, str]  # a step's code and slot


@dataclass(frozen=True, slots=True)
class History:
    """A step as attribution sees it. ``dates``: (local day of the ledger's entry, due date), oldest first. ``position`` breaks ties."""

    turns: tuple[Turn, ...]
    dates: tuple[tuple[date, date | None], ...]
    position: int = 0

    def turn_at(self, day: date) -> Turn | None:
        """The turn that ``day`` began in; None before the first."""
        return next((turn for turn in reversed(self.turns) if turn.day < day), None)

    def due_at(self, day: date) -> date | None:
        """The due date that held when ``day`` began."""
        held = [due for since, due in self.dates if since < day]
        return held[-1] if held else (self.dates[0][1] if self.dates else None)

    def passed_at(self, day: date) -> bool:
        """Whether it was done or void when ``day`` began."""
        turn = self.turn_at(day)
        return turn is not None and turn.clock is Clock.ENDED


@dataclass(frozen=True, slots=True)
class LateDay:
    """A day past the date. ``holder``: the unit it belongs to, None for nobody. ``via``: the step before, where that one was waited for."""

    day: date
    clock: Clock
    holder: str | None
    via: Place | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """The late days of one holder in one capacity."""

    clock: Clock
    holder: str | None
    via: Place | None
    days: int


def late_days(
    place: Place, histories: Mapping[Place, History], workflow: CompiledWorkflow, *, due_on: date | None, until: date
) -> tuple[LateDay, ...]:  # fmt: skip
    """Every day after ``due_on`` up to ``until`` (the day on which the unit's clock stopped, or today) with whose it is.

    ``histories``: of the step itself, and of the steps before it for the days on which it had not opened.
    """
    if due_on is None:
        return ()
    return tuple(_late_day(place, due_on + timedelta(days=n), histories, workflow) for n in range(1, (until - due_on).days + 1))


def shares(days: Iterable[LateDay]) -> tuple[Share, ...]:
    """The days counted by holder and capacity, in the order in which they first occur."""
    counted: dict[tuple[Clock, str | None, Place | None], int] = {}
    for day in days:
        counted[day.clock, day.holder, day.via] = counted.get((day.clock, day.holder, day.via), 0) + 1
    return tuple(Share(*key, number) for key, number in counted.items())


def _late_day(place: Place, day: date, histories: Mapping[Place, History], workflow: CompiledWorkflow) -> LateDay:
    turn = histories[place].turn_at(day)
    if turn is not None and turn.clock is not Clock.WAITING:
        return LateDay(day, turn.clock, turn.holder)
    return _blocked(place, day, histories, workflow)


def _blocked(place: Place, day: date, histories: Mapping[Place, History], workflow: CompiledWorkflow) -> LateDay:
    """Of the steps before that were neither passed nor in time, the one that was overdue the longest."""
    overdue: list[tuple[date, int, Place]] = []
    for before in _before(place, histories, workflow):
        history = histories[before]
        due = history.due_at(day)
        if due is not None and due < day and not history.passed_at(day):
            overdue.append((due, history.position, before))
    if not overdue:
        return LateDay(day, Clock.WAITING, None)
    worst = min(overdue)[2]
    found = _late_day(worst, day, histories, workflow)
    return found if found.via else replace(found, via=worst)


def _before(place: Place, histories: Mapping[Place, History], workflow: CompiledWorkflow) -> list[Place]:
    code, slot = place
    return [
        other
        for edge in workflow.into[code]
        for other in histories
        if other[0] == edge.before and (not edge.per_slot or other[1] == slot)
    ]  # fmt: skip
