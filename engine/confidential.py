"""What a plan says where confidential work must not be told: a pack that is exported, a table that is edited.

Number, dates and units stay; every title of a confidential workflow gives way to the words that stand for it on other pages. Sent back,
those words mean what they stood for: a pack that was exported, changed and sent again keeps the titles that it did not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from engine.definition import Evidence, Figure, PlanDefinition, StepDefinition, Text, WorkflowDefinition

CONFIDENTIAL = Text("Nội dung mật", "Confidential")
Titled = TypeVar("Titled", Evidence, Figure)


def untold(plan: PlanDefinition) -> PlanDefinition:
    """``plan`` without a title of confidential work."""
    return _each(plan, lambda task, workflow: _untold(workflow) if workflow.confidential else workflow)


def told_again(plan: PlanDefinition, before: PlanDefinition) -> PlanDefinition:
    """``plan`` with the titles of ``before`` wherever it only holds the words that stand for them."""
    known = {(task or "", workflow.code): workflow for task, workflow in before.workflows()}

    def one(task: str, workflow: WorkflowDefinition) -> WorkflowDefinition:
        was = known.get((task, workflow.code))
        return workflow if was is None or not was.confidential else _told_again(workflow, was)

    return _each(plan, one)


def _each(plan: PlanDefinition, one: Callable[[str, WorkflowDefinition], WorkflowDefinition]) -> PlanDefinition:
    tasks = tuple(replace(k, workflows=tuple(one(k.code, w) for w in k.workflows)) for k in plan.key_tasks)
    return replace(plan, key_tasks=tasks, plan_workflows=tuple(one("", w) for w in plan.plan_workflows))


def _untold(workflow: WorkflowDefinition) -> WorkflowDefinition:
    return replace(workflow, title=CONFIDENTIAL, steps=tuple(_untold_step(step) for step in workflow.steps))


def _untold_step(step: StepDefinition) -> StepDefinition:
    figures = tuple(replace(f, title=CONFIDENTIAL, choices=_standing_for(f.choices)) for f in step.figures)
    ask = CONFIDENTIAL if step.ask.vi else step.ask
    return replace(
        step, title=CONFIDENTIAL, ask=ask, evidence=tuple(replace(e, title=CONFIDENTIAL) for e in step.evidence), figures=figures
    )


def _standing_for(choices: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{CONFIDENTIAL.vi} {number}" for number, _ in enumerate(choices, start=1))


def _told_again(workflow: WorkflowDefinition, was: WorkflowDefinition) -> WorkflowDefinition:
    known = {step.code: step for step in was.steps}
    steps = tuple(_step_again(step, known[step.code]) if step.code in known else step for step in workflow.steps)
    return replace(workflow, title=_text(workflow.title, was.title), steps=steps)


def _step_again(step: StepDefinition, was: StepDefinition) -> StepDefinition:
    figures = {f.code: f for f in was.figures}
    chosen = tuple(
        replace(f, choices=figures[f.code].choices) if f.code in figures and f.choices == _standing_for(figures[f.code].choices) else f
        for f in _titles(step.figures, was.figures)
    )
    title, ask, evidence = _text(step.title, was.title), _text(step.ask, was.ask), _titles(step.evidence, was.evidence)
    return replace(step, title=title, ask=ask, evidence=evidence, figures=chosen)


def _titles(items: tuple[Titled, ...], was: tuple[Titled, ...]) -> tuple[Titled, ...]:
    known = {item.code: item.title for item in was}
    return tuple(replace(item, title=_text(item.title, known.get(item.code, item.title))) for item in items)


def _text(text: Text, was: Text) -> Text:
    return was if text.vi == CONFIDENTIAL.vi else text
