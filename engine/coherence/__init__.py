"""Whether a plan hangs together: all its problems at once, each with its place and what would be right."""

from __future__ import annotations

from engine.calendar import WorkCalendar
from engine.coherence.bodies import check_bodies
from engine.coherence.changes import check_changes
from engine.coherence.endings import check_endings
from engine.coherence.ladders import check_ladders
from engine.coherence.order import check_order
from engine.coherence.problems import Problem, Report, places
from engine.coherence.rules import check_rules
from engine.coherence.steps import check_steps
from engine.coherence.tasks import MOST_STEPS, check_period, check_tasks
from engine.coherence.timing import check_timing
from engine.definition import PlanDefinition, WorkflowDefinition

__all__ = ["Problem", "check"]


def check(plan: PlanDefinition, calendar: WorkCalendar) -> list[Problem]:
    """Every problem of ``plan``, in the order of the checks; dates are computed with ``calendar``, the plan's overrides included.

    A check whose result would only repeat an error already found (the dates of steps in a circle) is left out.
    """
    report = Report()
    check_period(plan, report)
    sound_period = report.errors == 0
    check_bodies(plan, report)
    check_changes(plan, report)
    check_tasks(plan, report)
    check_ladders(plan, report)
    sound = [(path, workflow) for path, workflow in places(plan) if _check_workflow(plan, workflow, path, report)]
    if sound_period:
        for path, workflow in sound:
            check_timing(plan, workflow, path, calendar, report)
        check_endings(plan, [workflow for _, workflow in sound], report)
    return report.problems


def _check_workflow(plan: PlanDefinition, workflow: WorkflowDefinition, path: str, report: Report) -> bool:
    """Whether the dates of ``workflow`` can be computed: its order and its rules are sound."""
    if len(workflow.steps) > MOST_STEPS:
        return False  # reported; looking at all of them would take long
    check_steps(plan, workflow, path, report)
    before = report.errors
    check_order(workflow, path, report)
    check_rules(plan, workflow, path, report)
    return report.errors == before
