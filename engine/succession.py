"""A plan after a change of units: the same work, with successors where units have ended. A slot never changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from engine.definition import ApprovalLink, GroupDefinition, KeyTaskDefinition, PlanDefinition, StepDefinition, WorkflowDefinition
from engine.units import UnitChange, UnitDefinition, UnitName, step_place


def succeeded(plan: PlanDefinition, change: UnitChange) -> PlanDefinition:
    """``plan`` as it reads once ``change`` holds, which is then no longer to come. Doing it twice is doing it once."""
    return replace(
        plan,
        unit_changes=tuple(other for other in plan.unit_changes if (other.on, other.document) != (change.on, change.document)),
        units=units_after(plan.units, change),
        groups=tuple(_group(group, change) for group in plan.groups),
        standing_agency=change.default_after(plan.standing_agency),
        steering_committee=change.default_after(plan.steering_committee),
        authority=change.default_after(plan.authority),
        key_tasks=tuple(_key_task(task, change) for task in plan.key_tasks),
        plan_workflows=tuple(workflow_after(workflow, None, change) for workflow in plan.plan_workflows),
    )


def units_after(units: Iterable[UnitDefinition], change: UnitChange) -> tuple[UnitDefinition, ...]:
    """``units`` with their new names and ends, and those that begin."""
    known = {unit.code: unit for unit in units}
    for unit in change.new_units:
        known.setdefault(unit.code, unit)
    for part in change.parts:
        if part.name is not None:
            known |= {code: renamed(known[code], part.name, part.official_code) for code in part.units if code in known}
        heirs = tuple(share.unit for share in part.into)
        known |= {code: replace(known[code], ends_on=change.on, successors=heirs) for code in part.ending if code in known}
    return tuple(known.values())


def renamed(unit: UnitDefinition, name: UnitName, official_code: str) -> UnitDefinition:
    """``unit`` with ``name`` from its day on, and the new ``official_code`` if there is one."""
    earlier = tuple(old for old in unit.names if old.from_ < name.from_)
    later = tuple(old for old in unit.names if old.from_ > name.from_)
    return replace(unit, names=(*earlier, name, *later), official_code=official_code or unit.official_code)


def heir(plan: PlanDefinition, code: str, day: date) -> str:
    """Who answers on ``day`` for what ``code`` left: itself while it exists, else its default successor, theirs if that ended too."""
    units = {unit.code: unit for unit in plan.units}
    seen: set[str] = set()
    while code not in seen and code in units:
        seen.add(code)
        unit = units[code]
        if unit.ends_on is None or day < unit.ends_on or not unit.successors:
            break
        code = unit.successors[0]
    return code


def group_after(members: Iterable[str], change: UnitChange) -> tuple[str, ...]:
    """The units of a group afterwards: each that ends gives its place to all its successors, none twice."""
    heirs = change.heirs
    found = [new for unit in members for new in ([share.unit for share in heirs[unit]] if unit in heirs else [unit])]
    return tuple(dict.fromkeys(found))


def _group(group: GroupDefinition, change: UnitChange) -> GroupDefinition:
    return replace(group, units=group_after(group.units, change))


def _key_task(task: KeyTaskDefinition, change: UnitChange) -> KeyTaskDefinition:
    workflows = tuple(workflow_after(workflow, task.code, change) for workflow in task.workflows)
    return replace(task, lead=change.default_after(task.lead), workflows=workflows)


def workflow_after(workflow: WorkflowDefinition, key_task: str | None, change: UnitChange) -> WorkflowDefinition:
    """``workflow`` with the successors of those who lead, coordinate and confirm."""
    steps = tuple(_step(step, step_place(key_task, workflow.code, step.code), change) for step in workflow.steps)
    return replace(workflow, lead=change.default_after(workflow.lead), steps=steps)


def _step(step: StepDefinition, place: str, change: UnitChange) -> StepDefinition:
    lead = change.lead_after(step.lead, place) if step.lead else step.lead
    coordinating = tuple(unit for unit in group_after(step.coordinating, change) if unit != lead)
    approve = None if step.approve is None else tuple(_link(link, change) for link in step.approve)
    return replace(step, lead=lead, coordinating=coordinating, approve=approve)


def _link(link: ApprovalLink, change: UnitChange) -> ApprovalLink:
    return replace(link, units=tuple(dict.fromkeys(change.default_after(unit) for unit in link.units)))
