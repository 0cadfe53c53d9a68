"""Which unit holds its event on which day: the window of a fan-out with the days that its units chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.definition import Text
from engine.statuses import VOID
from services.queries.lines import StepLine


@dataclass(frozen=True, slots=True)
class ChosenDay:
    """A day of the window. ``units``: by code, those that chose it."""

    day: date
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WindowDays:
    """A fan-out whose units choose. ``undecided``: those that have not; ``choose_by``: until when they should."""

    title: Text
    number: int
    choose_by: date | None
    days: tuple[ChosenDay, ...]
    undecided: tuple[str, ...]


def chosen_days(lines: Sequence[StepLine]) -> tuple[WindowDays, ...]:
    """The windows among the steps of one workflow, in their order."""
    codes = dict.fromkeys(line.code for line in lines if line.window and line.slot)
    return tuple(_window([line for line in lines if line.code == code and line.status not in VOID]) for code in codes)


def _window(lines: Sequence[StepLine]) -> WindowDays:
    days = [day for line in lines for day in (*(line.window or ()), *((line.chosen_on,) if line.chosen_on else ()))]
    first, last = min(days, default=date.max), max(days, default=date.min)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)] if days else []
    return WindowDays(
        title=lines[0].title if lines else Text(""),
        number=lines[0].number if lines else 0,
        choose_by=lines[0].choose_by if lines else None,
        days=tuple(ChosenDay(day, tuple(line.lead for line in lines if line.chosen_on == day)) for day in span),
        undecided=tuple(line.lead for line in lines if line.chosen_on is None),
    )
