"""One workflow in memory: the engine's rules put together as the services do, without a database.

A test holds it beside the real services, so that what properties show here is true there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from engine.access import Actor
from engine.approval import chain
from engine.compiled import CompiledWorkflow, compile_workflow
from engine.cycles import cycles
from engine.decide import decide, parse_action
from engine.definition import ApprovalLink, DueKind, PlanDefinition, Text
from engine.errors import Invalid, Refused
from engine.gates import Counts, excuse, initial, moved, openings, satisfied
from engine.instants import Now
from engine.schedule import due_when_opened, plan_steps
from engine.statuses import PASSED, UNFINISHED, VOID, WorkStatus
from engine.step_state import FIELDS, Effect, StepState
from engine.transitions import Action, Transition
from tests.factories import CALENDAR, at

S = WorkStatus
Place = tuple[str, str]  # a step's code and slot


@dataclass(frozen=True)
class Command:
    """What somebody tried, and on which day."""

    actor: Actor
    action: str
    place: Place
    payload: dict[str, Any]
    today: date


@dataclass
class Office:
    """The first cycle of the plan's first workflow. ``steps`` and ``counts`` are its whole state."""

    plan: PlanDefinition
    today: date
    steps: dict[Place, StepState] = field(default_factory=dict)
    counts: Counts = field(default_factory=dict)
    not_before: dict[Place, date | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        key_task, definition = self.plan.workflows()[0]
        self.workflow: CompiledWorkflow = compile_workflow(self.plan, key_task, definition)
        self.cycle = cycles(definition, self.plan)[0]
        planned = plan_steps(definition, self.plan, self.cycle, CALENDAR, lambda group: self.plan.group(group).units)
        for number, p in enumerate(planned, start=1):
            first, last = p.window or (None, None)
            self.steps[p.code, p.slot or ""] = StepState(
                number, p.code, p.slot or "", p.lead, S.WAITING, due_on=p.due_on, original_due_on=p.due_on, window_first=first,
                window_last=last, choose_by=p.choose_by,
            )  # fmt: skip
            self.not_before[p.code, p.slot or ""] = p.not_before
        self.counts = initial((code, s.status) for (code, _), s in self.steps.items())
        self.open_due()

    @property
    def now(self) -> Now:
        """Nine in the morning of the present day."""
        return at(self.today)

    @property
    def unfinished(self) -> list[StepState]:
        """The steps that are not passed."""
        return [s for s in self.steps.values() if s.status in UNFINISHED]

    def chain(self, step: StepState) -> tuple[ApprovalLink, ...]:
        """Who confirms ``step`` as it is led now."""
        return chain(self.workflow.steps[step.code], step.lead, self.plan)

    def wait(self, days: int) -> None:
        """Let days go by; what waits for a day opens."""
        self.today += timedelta(days=days)
        self.open_due()

    def try_(self, actor: Actor, action: str, place: Place, payload: dict[str, Any]) -> tuple[Transition, Effect]:
        """One action, carried out as `services.act` does. Raises what `decide` raises; then nothing has changed."""
        step = self.steps[place]
        row, effect = decide(
            parse_action(action), step, self.workflow, actor=actor, payload=payload, now=self.now, calendar=CALENDAR, counts=self.counts
        )  # fmt: skip
        counts = self._excused(step, effect) if effect.excused else self.counts
        if row.action in (Action.OPEN_EARLY, Action.CLOSE_JOIN):
            self.counts = counts
            self._open(place)
            return row, effect
        changed = {name: value for name, value in effect.changes.items() if name in FIELDS}
        if "link_approved" in changed:
            changed["link_approved"] = tuple(changed["link_approved"])
        if changed and row.checks_version:
            changed["version"] = step.version + 1
        if row.action is Action.REOPEN and step.opened_on is None:
            self._open(place)  # it ended before it ever opened: its date is worked out now
        self.steps[place] = replace(self.steps[place], **changed)
        self._pass_on(step, self.steps[place].status)
        if row.action is Action.RESUME and self.steps[place].status is S.WAITING:
            self._open_ready(place[0])
        return row, effect

    def open_due(self) -> None:
        """Level-triggered: whatever waits for nothing any more opens."""
        for code in self.workflow.steps:
            self._open_ready(code)

    def _open_ready(self, code: str) -> None:
        if all(satisfied(e, self.counts) for e in self.workflow.into[code] if not e.per_slot):
            for place in self.steps:
                if place[0] == code:
                    self._open_if_ready(place)

    def _pass_on(self, before: StepState, after: WorkStatus) -> None:
        self.counts = moved(self.counts, before.code, before.slot, before.status, after)
        if after in PASSED and before.status not in PASSED:
            for code, slot in openings(self.workflow, self.counts, before.code, before.slot):
                for place in self.steps:
                    if place[0] == code and slot in (None, place[1]):
                        self._open_if_ready(place)
        elif before.status in PASSED and after not in PASSED:
            self._take_back(before)

    def _open_if_ready(self, place: Place) -> None:
        own = [self.steps[e.before, place[1]] for e in self.workflow.into[place[0]] if e.per_slot]
        day = self.not_before[place]
        if self.steps[place].status is S.WAITING and all(s.status in PASSED for s in own) and (day is None or day <= self.today):
            self._open(place)

    def _open(self, place: Place) -> None:
        step, definition = self.steps[place], self.workflow.steps[place[0]]
        if definition.due.kind is DueKind.AFTER:
            due = due_when_opened(definition, opened_on=self.today, cycle=self.cycle, plan=self.plan, calendar=CALENDAR)
            step = replace(step, due_on=due, original_due_on=due)
        self.steps[place] = replace(step, status=S.OPEN, opened_on=self.today, version=step.version + 1)

    def _take_back(self, reopened: StepState) -> None:
        for edge in self.workflow.out_of[reopened.code]:
            if not edge.per_slot and satisfied(edge, self.counts):
                continue
            for place, step in self.steps.items():
                concerned = place[0] == edge.after and (not edge.per_slot or place[1] == reopened.slot)
                if concerned and step.status is S.OPEN and step.accepted_by is None and step.round == 0:
                    self.steps[place] = replace(step, status=S.WAITING, opened_on=None, version=step.version + 1)
                elif concerned and step.status not in VOID | {S.WAITING}:
                    self.steps[place] = replace(step, version=step.version + 1)

    def _excused(self, step: StepState, effect: Effect) -> Counts:
        counts = self.counts
        for edge in self.workflow.into[step.code]:
            if edge.per_slot:
                continue
            if not self.workflow.steps[edge.before].for_each:
                if not satisfied(edge, counts):
                    raise Refused(Text("Vẫn còn chờ."), code="still-waiting")
                continue
            slots = {slot: s.status for (code, slot), s in self.steps.items() if code == edge.before}
            if not set(effect.excused) <= slots.keys():
                raise Invalid(Text("Bước trước không có."), code="unknown-unit", field="units")
            counts = excuse(counts, edge, {u: slots[u] for u in effect.excused if slots[u] in UNFINISHED})
            if not satisfied(edge, counts):
                raise Refused(Text("Vẫn còn chờ."), code="still-waiting")
        return counts
