"""A workflow definition with its look-ups made once: what comes before and after each step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.definition import Join, PlanDefinition, StepDefinition, WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Edge:
    """A hard dependency. ``per_slot``: both ends fan out over the same group, so each unit goes its own way."""

    before: str
    after: str
    per_slot: bool
    join: Join


@dataclass(frozen=True, slots=True)
class CompiledWorkflow:
    """A `WorkflowDefinition` of ``plan`` ready for deciding."""

    plan: PlanDefinition
    key_task: str | None
    definition: WorkflowDefinition
    steps: dict[str, StepDefinition]
    into: dict[str, tuple[Edge, ...]]
    out_of: dict[str, tuple[Edge, ...]]


def compile_workflow(plan: PlanDefinition, key_task: str | None, definition: WorkflowDefinition) -> CompiledWorkflow:
    """Look-ups for ``definition``; soft predecessors make no edge, since they never block."""
    steps = {step.code: step for step in definition.steps}
    edges = [
        Edge(before.step, step.code, _same_group(steps[before.step], step), step.join)
        for step in definition.steps
        for before in step.after
        if not before.soft
    ]
    return CompiledWorkflow(plan, key_task, definition, steps, _by(steps, edges, "after"), _by(steps, edges, "before"))


def _by(steps: Iterable[str], edges: list[Edge], end: str) -> dict[str, tuple[Edge, ...]]:
    return {code: tuple(e for e in edges if getattr(e, end) == code) for code in steps}


def _same_group(before: StepDefinition, after: StepDefinition) -> bool:
    return before.for_each is not None and before.for_each == after.for_each
