"""What another working calendar does to the dates that run: which of them move, and where to.

A date that counts, moves with what it is counted on. A date that a person named stays: the day that a unit chose, an extension that was
granted, a redo date. T never moves, nor what is finished; what has no date yet will be counted when it opens. Every date is counted
again from its ledger alone, never from the date that holds now, so that doing it twice is doing it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.approval import chain
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.cycles import Cycle
from engine.definition import DueKind
from engine.schedule import PlannedStep, due_when_opened, plan_steps
from engine.statuses import UNFINISHED, WorkStatus
from engine.step_state import Ledger

S = WorkStatus
DUE, APPROVAL = "due", "approval"
BY_RULE = ("original", "amendment")  # kinds of ledger entries whose date comes from the definition's rule
SAME_DATE = ("shift", "merger")  # ledger entries that rest on the one before them


@dataclass(frozen=True, slots=True)
class Running:
    """A step whose dates may run.

    ``ledger``: its entries, oldest first. ``link_since``: the local day on which the clock of the present link began.
    """

    id: int
    code: str
    slot: str
    lead: str
    status: WorkStatus
    opened_on: date | None
    due_on: date | None
    planned_on: date | None
    link: int
    approval_due_on: date | None
    link_since: date | None
    ledger: tuple[Ledger, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A date that goes elsewhere. ``kind``: due (the step's own) | approval (until when the present link has to decide)."""

    step_id: int
    code: str
    slot: str
    lead: str
    status: WorkStatus
    kind: str
    old: date
    new: date


@dataclass(frozen=True, slots=True)
class Recount:
    """What a calendar makes of a workflow. ``estimates``: new ``planned_on`` by step id, of steps that have no date yet."""

    moves: tuple[Move, ...]
    estimates: Mapping[int, date]


def recount(workflow: CompiledWorkflow, cycle: Cycle, steps: Iterable[Running], calendar: WorkCalendar) -> Recount:
    """The dates of ``steps`` under ``calendar``, as far as they differ from those that hold."""
    planned = planned_by_code(workflow, cycle, calendar)
    running = [step for step in steps if step.status in UNFINISHED]
    moves = [move for step in running for move in _moves(step, workflow, cycle, planned, calendar)]
    undated = [(step.id, planned[step.code].planned_on, step.planned_on) for step in running if step.due_on is None]
    return Recount(tuple(moves), {id_: new for id_, new, old in undated if new is not None and new != old})


def _moves(
    step: Running, workflow: CompiledWorkflow, cycle: Cycle, planned: Mapping[str, PlannedStep], calendar: WorkCalendar
) -> Iterator[Move]:
    due, decided = due_under(step, workflow, cycle, planned, calendar), approval_under(step, workflow, calendar)
    for kind, old, new in ((DUE, step.due_on, due), (APPROVAL, step.approval_due_on, decided)):
        if old is not None and new is not None and old != new:
            yield Move(step.id, step.code, step.slot, step.lead, step.status, kind, old, new)


def due_under(
    step: Running, workflow: CompiledWorkflow, cycle: Cycle, planned: Mapping[str, PlannedStep], calendar: WorkCalendar
) -> date | None:
    """The due date of ``step`` counted again under ``calendar``; None where there is nothing to count it from."""
    if step.due_on is None or not step.ledger:
        return None
    origin, added = origin_of(step.ledger)
    day = origin.due_on
    if origin.kind in BY_RULE and workflow.steps[step.code].due.kind is not DueKind.NONE:  # the last day of a window stays
        day = by_rule(step, workflow, cycle, planned, calendar)
    elif origin.kind == "opened":
        day = _counted_from_opening(step, workflow, cycle, calendar)
    return calendar.add(day, added) if day and added else day


def by_rule(
    step: Running, workflow: CompiledWorkflow, cycle: Cycle, planned: Mapping[str, PlannedStep], calendar: WorkCalendar
) -> date | None:
    """The due date that the rule of ``step`` gives; None without a deadline, or while it counts from an opening that is still to come."""
    due = planned[step.code].due_on
    counts_from_opening = due is None and workflow.steps[step.code].due.kind is DueKind.AFTER
    return _counted_from_opening(step, workflow, cycle, calendar) if counts_from_opening else due


def origin_of(ledger: Sequence[Ledger]) -> tuple[Ledger, int]:
    """The entry that the present date rests on, and the working days that suspensions have added to it since."""
    added = 0
    for entry in reversed(ledger):
        if entry.kind == "suspension" and entry.working_days is not None:
            added += entry.working_days
        elif entry.kind not in SAME_DATE:
            return entry, added
    return ledger[0], 0


def approval_under(step: Running, workflow: CompiledWorkflow, calendar: WorkCalendar) -> date | None:
    """Until when the present link has to decide under ``calendar``; None while none has to."""
    if step.status is not S.SUBMITTED or step.link_since is None:
        return None
    links = chain(workflow.steps[step.code], step.lead, workflow.plan)
    return calendar.add(step.link_since, links[step.link].within) if step.link < len(links) else None


def _counted_from_opening(step: Running, workflow: CompiledWorkflow, cycle: Cycle, calendar: WorkCalendar) -> date | None:
    """None for a step that waits again: its date will be counted anew when it opens."""
    if step.opened_on is None:
        return None
    return due_when_opened(workflow.steps[step.code], opened_on=step.opened_on, cycle=cycle, plan=workflow.plan, calendar=calendar)


def planned_by_code(workflow: CompiledWorkflow, cycle: Cycle, calendar: WorkCalendar) -> dict[str, PlannedStep]:
    """The plan by step code: all units of a fan-out share its dates, so one stands for them. What was withdrawn may have been reopened."""
    steps = tuple(replace(step, withdrawn=False) for step in workflow.definition.steps)
    definition = replace(workflow.definition, steps=steps)
    return {p.code: p for p in plan_steps(definition, workflow.plan, cycle, calendar, lambda group: ("",))}
