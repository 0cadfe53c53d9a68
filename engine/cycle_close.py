"""Closing a cycle: what becomes of each step that is still open, and why a closed one moves no more.

A closed step keeps its work status and bears the day (``closed_on``): no clock and no ladder runs for it, and whether it was late by then
is how it stays. What is carried over stays open in its workflow, with its new date in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.definition import Text
from engine.errors import Refused
from engine.facts import Fact
from engine.statuses import WorkStatus
from engine.step_state import NO_SUBMISSION, Effect, Ledger, StepState

S = WorkStatus


class Disposition(StrEnum):
    """What closing does to a step that is still open."""

    CARRY = "carry"  # stays open, by a new date or by its own
    NEXT = "next"  # the same step of the next cycle takes it over
    CANCEL = "cancel"
    LEAVE = "leave"  # unfinished for good


DISPOSITION_TEXT = {
    Disposition.CARRY: Text("Chuyển tiếp, hạn mới", "Carry over to a new date"),
    Disposition.NEXT: Text("Chuyển sang bước này của kỳ sau", "Carry into the next cycle's step"),
    Disposition.CANCEL: Text("Hủy", "Cancel"),
    Disposition.LEAVE: Text("Để chưa hoàn thành", "Leave unfinished"),
}

ACTIONS = {
    Disposition.CARRY: "carry-over",
    Disposition.NEXT: "carry-into-next",
    Disposition.CANCEL: "cancel",
    Disposition.LEAVE: "leave-unfinished",
}
"""What the journal calls each."""


@dataclass(frozen=True, slots=True)
class Decision:
    """For one step. ``until``: of what is carried over, None to keep its date. ``reason`` may not be empty."""

    disposition: Disposition
    reason: str
    until: date | None = None


def suggestion(step: StepState, today: date) -> Disposition:
    """What to begin with: what is with its approver or has time left goes on, the rest stays undone."""
    has_time = step.due_on is not None and step.due_on >= today and step.status is not S.WAITING
    return Disposition.CARRY if step.status is S.SUBMITTED or has_time else Disposition.LEAVE


def against(step: StepState, decision: Decision, today: date, *, next_step: int | None) -> tuple[str, Text] | None:
    """(field, what is wrong) with ``decision``; None if nothing. ``next_step``: the next cycle's same step, if there and open."""
    if not decision.reason:
        return "reason", Text("Chưa ghi lý do.", "Give the reason.")
    if decision.disposition is Disposition.NEXT and next_step is None:
        return "decision", Text("Kỳ sau chưa có bước này, hoặc đã xong.", "The next cycle has no such step that is open.")
    if decision.disposition is not Disposition.CARRY or step.status is S.SUBMITTED:
        return None
    until = decision.until or step.due_on
    if until is None:
        return "until", Text("Chưa ghi hạn mới.", "Give the new date.")
    if until < today:
        return "until", Text("Hạn mới đã qua.", "The new date has passed.")
    return None


def effect_of(step: StepState, decision: Decision, *, next_step: int | None) -> Effect:
    """What ``decision`` changes on the step. What is left unfinished changes only by being closed."""
    one = {"step": step.id}
    if decision.disposition is Disposition.LEAVE:
        return Effect({"extension": None}, (Fact("step.left-unfinished", one),), decision.reason)
    if decision.disposition is Disposition.CARRY:
        return _carried(step, decision)
    changes = {**NO_SUBMISSION, "status": S.CANCELLED, "extension": None, "suspended_on": None, "resume_to": None}
    if decision.disposition is Disposition.NEXT:
        return Effect(changes, (Fact("step.carried-into-next", {**one, "into": next_step}),), decision.reason)
    return Effect(changes, (Fact("step.cancelled", one),), decision.reason)


def closed_already(on: date) -> Refused:
    """Why nothing moves a step whose cycle was closed."""
    return Refused(
        Text(f"Chu kỳ đã kết sổ ngày {on:%d/%m/%Y}; số liệu đã chốt.", f"Its cycle was closed on {on:%d/%m/%Y}; the figures are frozen."),
        code="closed",
        hint=Text("Cơ quan thường trực mở lại chu kỳ nếu cần.", "The standing agency can reopen the cycle."),
    )


def _carried(step: StepState, decision: Decision) -> Effect:
    until = decision.until or step.due_on
    was = step.due_on.isoformat() if step.due_on else None
    fact = Fact("step.carried-over", {"step": step.id, "was": was, "until": until.isoformat() if until else None})
    if until == step.due_on:
        return Effect({}, (fact,), decision.reason)
    changes = {"due_on": until, "previous_due_on": step.due_on, "extension": None}
    return Effect(changes, (fact,), decision.reason, ledger=Ledger("carried", until, reason=decision.reason))
