"""The dates of every step of a workflow in one cycle, as they stand when it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.calendar import WorkCalendar
from engine.cycles import Cycle
from engine.dates import resolve
from engine.definition import DateRule, DueKind, PlanDefinition, StepDefinition, WorkflowDefinition
from engine.graph import hard_predecessors, topological


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of one cycle: of a fan-out the one of unit ``slot``, else ``slot`` is None.

    ``due_on`` is None without a deadline, and while a ``relative`` rule (it counts from opening) waits for that opening;
    ``planned_on`` is then the estimate to show. ``not_applicable``: it would have been due before the plan was issued.
    ``prior``: due before tracking began.
    """

    code: str
    slot: str | None
    lead: str
    due_on: date | None
    planned_on: date | None
    not_before: date | None
    window: tuple[date, date] | None
    choose_by: date | None
    not_applicable: bool
    prior: bool
    relative: bool


@dataclass(frozen=True, slots=True)
class _Dates:
    """The dates that all slots of a step share. ``expected``: when it is passed if all goes to plan, known for every step."""

    due_on: date | None
    planned_on: date | None
    expected: date
    not_applicable: bool
    prior: bool

    @property
    def settled(self) -> bool:
        """Whether it is behind us when the workflow opens, so that it opens nothing by being done."""
        return self.not_applicable or self.prior


@dataclass(frozen=True, slots=True)
class _Planner:
    plan: PlanDefinition
    cycle: Cycle
    calendar: WorkCalendar

    def day(self, rule: DateRule | None, opened_on: date | None = None) -> date | None:
        if rule is None:
            return None
        return resolve(rule, cycle=self.cycle, issued_on=self.plan.issued_on, opened_on=opened_on, calendar=self.calendar)

    def due(self, step: StepDefinition, opened_on: date | None) -> date | None:
        if step.due.kind is DueKind.NONE and step.window:
            return self.day(step.window.last)  # the last day it may be done on; chosen days never move
        day = self.day(step.due, opened_on)
        is_anchor = step.due.kind is DueKind.ANCHOR and step.due.offset == 0
        return day if day is None or is_anchor else self.calendar.shift(day, step.shift)

    def dates(self, step: StepDefinition, before: list[_Dates]) -> _Dates:
        """The dates of ``step`` from those of its hard predecessors ``before``."""
        opening = max(self.plan.issued_on, self.cycle.opens_on)
        opened = max((d.expected for d in before if not d.not_applicable), default=opening)
        opened = max(opened, self.day(step.not_before) or opened)
        planned = self.due(step, opened)
        known = step.due.kind is not DueKind.AFTER or all(d.settled for d in before)
        not_applicable = planned is not None and planned < self.plan.issued_on
        prior = planned is not None and not not_applicable and planned < self.plan.tracked_from
        return _Dates(planned if known else None, planned, planned or opened, not_applicable, prior)

    def window(self, step: StepDefinition) -> tuple[date, date] | None:
        first, last = (self.day(step.window.first), self.day(step.window.last)) if step.window else (None, None)
        return (first, last) if first and last else None


def plan_steps(
    workflow: WorkflowDefinition, plan: PlanDefinition, cycle: Cycle, calendar: WorkCalendar, members: Callable[[str], tuple[str, ...]]
) -> tuple[PlannedStep, ...]:
    """Every step of ``workflow`` in ``cycle``, predecessors first, a fan-out once per unit of its group.

    ``members`` gives the unit codes of a group as they are when the cycle opens. Raises CyclicSteps.
    """
    planner = _Planner(plan, cycle, calendar)
    known: dict[str, _Dates] = {}
    planned: list[PlannedStep] = []
    for step in topological(tuple(step for step in workflow.steps if not step.withdrawn)):
        dates = planner.dates(step, [known[code] for code in hard_predecessors(step)])
        known[step.code] = dates
        slots: list[tuple[str | None, str]]
        slots = [(unit, unit) for unit in members(step.for_each)] if step.for_each else [(None, step.lead or workflow.lead)]
        not_before, window = planner.day(step.not_before), planner.window(step)
        choose_by = planner.day(step.window.choose_by) if step.window else None
        relative = step.due.kind is DueKind.AFTER
        planned += [
            PlannedStep(
                code=step.code,
                slot=slot,
                lead=lead,
                due_on=dates.due_on,
                planned_on=dates.planned_on,
                not_before=not_before,
                window=window,
                choose_by=choose_by,
                not_applicable=dates.not_applicable,
                prior=dates.prior,
                relative=relative,
            )
            for slot, lead in slots
        ]
    return tuple(planned)


def due_when_opened(step: StepDefinition, *, opened_on: date, cycle: Cycle, plan: PlanDefinition, calendar: WorkCalendar) -> date | None:
    """The due date of ``step`` once it opens on ``opened_on``, off days off; None without a deadline.

    If all that opens it was not applicable, the caller passes the later of the plan's issue and the cycle's opening.
    """
    return _Planner(plan, cycle, calendar).due(step, opened_on)
