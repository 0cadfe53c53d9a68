"""A plan definition as JSON and back, without loss.

A published plan is stored as what was read on the day of publishing, never as the YAML it came from: running workflows must not
change when a file, or a default of the reader, changes. So every field is written, also where it equals its default.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from engine.definition import PlanDefinition, UnitChange, WorkflowDefinition

FORMAT = 1


def to_json(plan: PlanDefinition) -> dict[str, Any]:
    """``plan`` as a dict of JSON types (dates as ISO text), marked with the number of this format."""
    return {"format": FORMAT, **_adapter().dump_python(plan, mode="json")}


def from_json(data: dict[str, Any]) -> PlanDefinition:
    """The plan that `to_json` wrote. ValueError if ``data`` is of another format or not a plan."""
    if data.get("format") != FORMAT:
        raise ValueError(f"a stored plan of format {data.get('format')!r}, this program reads {FORMAT}")
    return _adapter().validate_python(data)


def workflow_to_json(definition: WorkflowDefinition) -> dict[str, Any]:
    """One workflow's definition by itself, as an ad-hoc assignment keeps it."""
    return {"format": FORMAT, **_workflow_adapter().dump_python(definition, mode="json")}


def workflow_from_json(data: dict[str, Any]) -> WorkflowDefinition:
    """What `workflow_to_json` wrote. ValueError if ``data`` is of another format or not a workflow."""
    if data.get("format") != FORMAT:
        raise ValueError(f"a stored workflow of format {data.get('format')!r}, this program reads {FORMAT}")
    return _workflow_adapter().validate_python(data)


@cache
def _workflow_adapter() -> TypeAdapter[WorkflowDefinition]:
    return TypeAdapter(WorkflowDefinition)


def change_to_json(change: UnitChange) -> dict[str, Any]:
    """A change of units as a dict of JSON types."""
    written: dict[str, Any] = _change_adapter().dump_python(change, mode="json")
    return written


def change_from_json(data: dict[str, Any]) -> UnitChange:
    """The change that `change_to_json` wrote."""
    return _change_adapter().validate_python(data)


@cache
def _change_adapter() -> TypeAdapter[UnitChange]:
    return TypeAdapter(UnitChange)


@cache
def _adapter() -> TypeAdapter[PlanDefinition]:
    """Built on first use: reading the type hints of all definitions takes some tens of milliseconds."""
    return TypeAdapter(PlanDefinition)
