"""Everything a rule may look at when it decides one action on one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.access import Actor
from engine.approval import chain
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.definition import ApprovalLink, StepDefinition
from engine.gates import Counts
from engine.instants import Now
from engine.reporting import Sum
from engine.step_state import StepState
from engine.transitions import Relation, Transition


@dataclass(frozen=True, slots=True)
class Situation:
    """``row``: the transition being taken. ``stored``: what correcting, consolidating, commenting and naming a handler read besides
    the step."""

    step: StepState
    workflow: CompiledWorkflow
    row: Transition
    actor: Actor
    relations: frozenset[Relation]
    payload: dict[str, Any]
    now: Now
    calendar: WorkCalendar
    counts: Counts
    stored: Mapping[str, Any] = field(default_factory=dict)

    @property
    def definition(self) -> StepDefinition:
        return self.workflow.steps[self.step.code]

    @property
    def sums(self) -> tuple[Sum, ...]:
        return self.workflow.sums.get(self.step.code, ())

    @property
    def today(self) -> date:
        return self.now.today

    @property
    def chain(self) -> tuple[ApprovalLink, ...]:
        return chain(self.definition, self.step.lead, self.workflow.plan)
