"""Definitions of plans' versions and of ad-hoc assignments, read once per process: they never change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from engine.assignment import AD_HOC, AssigningDocument
from engine.compiled import CompiledWorkflow, compile_workflow
from engine.cycles import Cycle, cycles
from engine.definition import GroupDefinition, PlanDefinition, Text
from engine.succession import workflow_after
from models.assignments import assignment_of
from models.publishing import body_of_version
from models.unit_changes import changes_of
from plans.codec import change_from_json, from_json, workflow_from_json

_PLANS: WeakKeyDictionary[Engine, dict[int, PlanDefinition]] = WeakKeyDictionary()
_WORKFLOWS: WeakKeyDictionary[Engine, dict[tuple[int, str, str], CompiledWorkflow]] = WeakKeyDictionary()
_CYCLES: WeakKeyDictionary[Engine, dict[int, tuple[tuple[CompiledWorkflow, Cycle], ...]]] = WeakKeyDictionary()


def plan_of(connection: Connection, version_id: int) -> PlanDefinition:
    """The definition of a plan's version."""
    plans = _PLANS.setdefault(connection.engine, {})
    if version_id not in plans:
        plans[version_id] = from_json(body_of_version(connection, version_id))
    return plans[version_id]


def workflow_of(connection: Connection, row: Any) -> CompiledWorkflow:
    """The compiled definition behind a workflow row (a mapping with version_id, key_task and code)."""
    compiled = _WORKFLOWS.setdefault(connection.engine, {})
    key = (row["version_id"], row["key_task"], row["code"])
    found = compiled.get(key)
    if found is None and is_ad_hoc(row["code"]):
        found = compiled[key] = _assigned(connection, row["version_id"], row["code"])
    if found is None:
        plan = plan_of(connection, row["version_id"])
        for task, definition in plan.workflows():
            compiled[(row["version_id"], task or "", definition.code)] = compile_workflow(plan, task, definition)
        found = compiled[key]
    return found


def is_ad_hoc(code: str) -> bool:
    """Whether ``code`` is that of an ad-hoc assignment's workflow: it holds a colon, which no code of a plan pack may."""
    return code.startswith(f"{AD_HOC}:")


def forget(connection: Connection, row: Any) -> None:
    """Forget the definition behind a workflow row that was made for a preview only."""
    _WORKFLOWS.get(connection.engine, {}).pop((row["version_id"], row["key_task"], row["code"]), None)


def _assigned(connection: Connection, version_id: int, code: str) -> CompiledWorkflow:
    """An assignment's definition within its plan as ``version_id`` has it; its leads are the group of its fan-out."""
    row, plan = assignment_of(connection, version_id, code), plan_of(connection, version_id)
    own = GroupDefinition(AD_HOC, Text("Các đơn vị được giao", "The units assigned"), tuple(row["units"]))
    definition = workflow_from_json(row["body"])
    for body in changes_of(connection, version_id):
        definition = workflow_after(definition, None, change_from_json(body))
    compiled = compile_workflow(replace(plan, groups=(*plan.groups, own)), None, definition)
    return replace(compiled, document=AssigningDocument(row["number"], row["signed_on"], row["abstract"], row["leader"]))


def cycles_of(connection: Connection, version_id: int) -> tuple[tuple[CompiledWorkflow, Cycle], ...]:
    """Every cycle of every workflow of a plan's version, in order of opening."""
    known = _CYCLES.setdefault(connection.engine, {})
    if version_id not in known:
        plan = plan_of(connection, version_id)
        found = []
        for task, workflow in plan.workflows():
            compiled = workflow_of(connection, {"version_id": version_id, "key_task": task or "", "code": workflow.code})
            found += [(compiled, cycle) for cycle in cycles(workflow, plan)]
        known[version_id] = tuple(sorted(found, key=lambda pair: pair[1].opens_on))
    return known[version_id]


def cycle_of(row: Any) -> Cycle:
    """The cycle of a workflow row."""
    return Cycle(row["cycle"], row["first_on"], row["last_on"], row["anchor_on"], row["opens_on"])
