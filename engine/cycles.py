"""Cycles: the periods in which a recurring workflow is done once each."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.calendar import WorkCalendar
from engine.dates import resolve
from engine.definition import DateRule, Every, PlanDefinition, WorkflowDefinition

MONTHS_IN = {Every.YEAR: 12, Every.HALF_YEAR: 6, Every.QUARTER: 3, Every.MONTH: 1}


@dataclass(frozen=True, slots=True)
class Cycle:
    """One period of a workflow: the calendar period ``first``..``last`` in which it opens, whole even where the plan's is cut.

    ``anchor`` is the day T; ``opens_on`` the day on which its workflow comes into being, never before the plan or its issue.
    """

    code: str
    first: date
    last: date
    anchor: date | None
    opens_on: date


def cycles(definition: WorkflowDefinition, plan: PlanDefinition) -> tuple[Cycle, ...]:
    """Every cycle of ``definition`` in the plan's period, in order of opening, the one running at issue included.

    Raises ValueError where the anchor or the opening names no day by itself (`engine.coherence` reports that in a pack).
    """
    start = max(plan.from_, plan.issued_on)
    if definition.every is Every.ONCE:
        return (_once(definition, plan, start),)
    found = []
    for period in _periods(definition.every, start - _reach(definition), plan.to + _reach(definition)):
        anchor = _day(definition.anchor, period, plan) if definition.anchor else None
        opening = _day(definition.opens, replace(period, anchor=anchor), plan) if definition.opens else period.first
        home = period_at(definition.every, opening)
        started = definition.starts_on is None or opening >= definition.starts_on
        if started and max(home.last, anchor or home.last) >= start and opening <= plan.to:
            found.append(replace(home, anchor=anchor, opens_on=max(opening, start)))
    return tuple(found)


def period_at(every: Every, day: date) -> Cycle:
    """The calendar period of ``every`` (not ONCE) that holds ``day``, as a cycle without an anchor that opens on its first day."""
    length = MONTHS_IN[every]
    number = (day.month - 1) // length
    first = date(day.year, number * length + 1, 1)
    last_month = first.month + length - 1
    last = date(day.year, last_month, months.monthrange(day.year, last_month)[1])
    suffix = {Every.HALF_YEAR: f"-H{number + 1}", Every.QUARTER: f"-Q{number + 1}", Every.MONTH: f"-{number + 1:02}"}.get(every, "")
    return Cycle(f"{day.year}{suffix}", first, last, None, first)


def _once(definition: WorkflowDefinition, plan: PlanDefinition, start: date) -> Cycle:
    cycle = Cycle("once", plan.from_, plan.to, None, start)
    if definition.anchor:
        cycle = replace(cycle, anchor=_day(definition.anchor, cycle, plan))
    opening = _day(definition.opens, cycle, plan) if definition.opens else start
    return replace(cycle, opens_on=max(opening, start))


def _reach(definition: WorkflowDefinition) -> timedelta:
    """How far a cycle's opening can lie from the period that its anchor is in."""
    rules = [rule for rule in (definition.anchor, definition.opens) if rule]
    return timedelta(days=366 + sum(abs(rule.offset) * (2 if rule.working_days else 1) + 366 * rule.years for rule in rules))


def _periods(every: Every, first: date, last: date) -> Iterator[Cycle]:
    period = period_at(every, first)
    while period.first <= last:
        yield period
        period = period_at(every, period.last + timedelta(days=1))


def _day(rule: DateRule, cycle: Cycle, plan: PlanDefinition) -> date:
    """The day of an anchor or an opening. They count calendar days, so that a calendar change never renames a cycle."""
    day = resolve(rule, cycle=cycle, issued_on=plan.issued_on, opened_on=None, calendar=WorkCalendar())
    if day is None:
        raise ValueError(f"{rule.text} names no day by itself")
    return day
