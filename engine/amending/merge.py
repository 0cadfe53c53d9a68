"""The next version of a plan: what was given, and what running cycles need besides.

A step that was taken out is kept at the end of its workflow, marked as withdrawn: cycles that have it must still be able to say what it
was. A workflow that is new begins with the first cycle that opens from the day of the amendment on, unless the pack says when.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.definition import Every, PlanDefinition, StepDefinition, WorkflowDefinition


def merged(old: PlanDefinition, new: PlanDefinition, today: date | None) -> PlanDefinition:
    """``new`` as the version that follows ``old`` on the local day ``today``; None: workflows begin as ``new`` says, they are not new."""
    known = {(task or "", w.code): w for task, w in old.workflows()}

    def one(task: str, workflow: WorkflowDefinition) -> WorkflowDefinition:
        before = known.get((task, workflow.code))
        return _begins(workflow, today) if before is None else _with_withdrawn(before, workflow)

    tasks = tuple(replace(k, workflows=tuple(one(k.code, w) for w in k.workflows)) for k in new.key_tasks)
    return replace(new, key_tasks=tasks, plan_workflows=tuple(one("", w) for w in new.plan_workflows))


def without_withdrawn(plan: PlanDefinition) -> PlanDefinition:
    """``plan`` as its pack says it."""

    def one(workflow: WorkflowDefinition) -> WorkflowDefinition:
        return replace(workflow, steps=tuple(s for s in workflow.steps if not s.withdrawn))

    tasks = tuple(replace(k, workflows=tuple(map(one, k.workflows))) for k in plan.key_tasks)
    return replace(plan, key_tasks=tasks, plan_workflows=tuple(map(one, plan.plan_workflows)))


def _begins(workflow: WorkflowDefinition, today: date | None) -> WorkflowDefinition:
    if today is None or workflow.every is Every.ONCE or workflow.starts_on is not None:
        return workflow
    return replace(workflow, starts_on=today)


def _with_withdrawn(old: WorkflowDefinition, new: WorkflowDefinition) -> WorkflowDefinition:
    kept = {step.code for step in new.steps}
    gone = tuple(_withdraw(step) for step in old.steps if step.code not in kept)
    return replace(new, steps=(*new.steps, *gone))


def _withdraw(step: StepDefinition) -> StepDefinition:
    return replace(step, withdrawn=True, after=())
