"""The columns of a step that follow from others. They are stored for lists and for the sweep, in the transaction that changes a source."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.approval import chain
from engine.compiled import CompiledWorkflow
from engine.instants import Now
from engine.statuses import UNFINISHED, WITH_UNIT, WorkStatus
from engine.step_state import StepState
from engine.timeliness import clocks

S = WorkStatus
SOURCES = frozenset({"status", "due_on", "submitted_on", "approval_due_on", "suspended_on", "lead", "link", "link_approved", "closed_on"})


def derived(step: StepState, changes: dict[str, Any], workflow: CompiledWorkflow, now: Now) -> dict[str, Any]:
    """The columns that follow from the step as changed. The sweep works out the exact next rung: it is told to look now."""

    def value(name: str) -> Any:
        return changes[name] if name in changes else getattr(step, name)

    status = WorkStatus(value("status"))
    found = clocks(
        status, value("due_on"), submitted_on=value("submitted_on"), suspended_on=value("suspended_on"),
        approval_due_on=value("approval_due_on"), closed_on=value("closed_on"),
    )  # fmt: skip
    runs = status in UNFINISHED and value("closed_on") is None
    next_rung: datetime | None = now.business if runs and status is not S.SUSPENDED else None
    return {
        "due_at": found.due_at, "soon_at": found.soon_at, "approval_due_at": found.approval_due_at, "next_rung_at": next_rung,
        "clock_holder": _holder(status, value("lead"), value("link"), tuple(value("link_approved")), step.code, workflow) if runs else None,
    }  # fmt: skip


def _holder(status: WorkStatus, lead: str, link: int, approved: tuple[str, ...], code: str, workflow: CompiledWorkflow) -> str | None:
    """The unit whose clock runs."""
    if status in WITH_UNIT:
        return lead
    if status is S.REFUSED:
        return workflow.plan.standing_agency
    if status is S.SUBMITTED:
        links = chain(workflow.steps[code], lead, workflow.plan)
        return next((unit for unit in links[link].units if unit not in approved), None)
    return None
