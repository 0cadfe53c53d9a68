"""Published definitions, read once per process: a version never changes."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from engine.compiled import CompiledWorkflow, compile_workflow
from engine.cycles import Cycle, cycles
from engine.definition import PlanDefinition
from models.publishing import body_of_version
from plans.codec import from_json

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
    if found is None:
        plan = plan_of(connection, row["version_id"])
        for task, definition in plan.workflows():
            compiled[(row["version_id"], task or "", definition.code)] = compile_workflow(plan, task, definition)
        found = compiled[key]
    return found


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
