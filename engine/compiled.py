"""A workflow definition with its look-ups made once: what comes before and after each step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.assignment import AssigningDocument
from engine.definition import Join, PlanDefinition, StepDefinition, WorkflowDefinition
from engine.ladder import Ladders, ladders
from engine.reporting import Sum, completed, sums


@dataclass(frozen=True, slots=True)
class Edge:
    """A hard dependency. ``per_slot``: both ends fan out over the same group, so each unit goes its own way."""

    before: str
    after: str
    per_slot: bool
    join: Join


@dataclass(frozen=True, slots=True)
class CompiledWorkflow:
    """A `WorkflowDefinition` of ``plan`` ready for deciding, its steps with every figure that they report.

    ``ladders``: of each step, by code. ``sums``: what each step consolidates, by code. ``document``: what an ad-hoc assignment rests on;
    None for the plan's own work.
    """

    plan: PlanDefinition
    key_task: str | None
    definition: WorkflowDefinition
    steps: dict[str, StepDefinition]
    into: dict[str, tuple[Edge, ...]]
    out_of: dict[str, tuple[Edge, ...]]
    ladders: dict[str, Ladders] = field(default_factory=dict)
    sums: dict[str, tuple[Sum, ...]] = field(default_factory=dict)
    document: AssigningDocument | None = None


def compile_workflow(plan: PlanDefinition, key_task: str | None, definition: WorkflowDefinition) -> CompiledWorkflow:
    """Look-ups for ``definition``; soft predecessors make no edge, since they never block."""
    steps = {step.code: step for step in definition.steps}
    edges = [
        Edge(before.step, step.code, _same_group(steps[before.step], step), step.join)
        for step in definition.steps
        for before in step.after
        if not before.soft
    ]
    above = [plan.ladder, *(task.ladder for task in plan.key_tasks if task.code == key_task), definition.ladder]
    reminded = {step.code: ladders([*above, step.ladder]) for step in definition.steps}
    into = _by(steps, edges, "after")
    added = {code: sums(step, into[code], steps) for code, step in steps.items()}
    reported = {code: completed(step, added[code], steps) for code, step in steps.items()}
    return CompiledWorkflow(plan, key_task, definition, reported, into, _by(steps, edges, "before"), reminded, added)


def _by(steps: Iterable[str], edges: list[Edge], end: str) -> dict[str, tuple[Edge, ...]]:
    return {code: tuple(e for e in edges if getattr(e, end) == code) for code in steps}


def _same_group(before: StepDefinition, after: StepDefinition) -> bool:
    return before.for_each is not None and before.for_each == after.for_each
