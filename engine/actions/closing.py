"""Ending a step without its work, taking an end back, and correcting what a finished step says."""

from __future__ import annotations

from typing import Any

from engine import payload as given
from engine.definition import Text
from engine.errors import Invalid
from engine.facts import Fact
from engine.situation import Situation
from engine.statuses import WorkStatus
from engine.step_state import NO_SUBMISSION, Effect

S = WorkStatus


def mark_not_applicable(at: Situation) -> Effect:
    """It never was theirs to do: in no denominator."""
    return _end(at, S.NOT_APPLICABLE, "step.not-applicable")


def cancel(at: Situation) -> Effect:
    """It will not be done."""
    return _end(at, S.CANCELLED, "step.cancelled")


def reopen(at: Situation) -> Effect:
    """A finished step is worked on again. Its rounds stay; the next submission is a new one."""
    opened_on = at.step.opened_on or at.today
    changes = {**NO_SUBMISSION, "status": S.IN_PROGRESS, "done_on": None, "done_at": None, "opened_on": opened_on}
    return Effect(changes, (Fact("step.reopened", {"from": str(at.step.status)}),), given.text(at.payload, "reason"))


def correct(at: Situation) -> Effect:
    """A new value beside the old one: ``submitted_on``, or a number, date or figure of the last round."""
    name, value = given.text(at.payload, "field"), given.text(at.payload, "value")
    changes: dict[str, Any] = {}
    old: Any = None
    if name == "submitted_on":
        day = given.required_day({"value": value}, "value")
        if day > at.today:
            raise Invalid(Text("Ngày ở tương lai.", "That day is in the future."), code="future", field="value")
        old, changes = at.step.submitted_on, {"submitted_on": day}
    elif name not in _correctable(at):
        choices = ", ".join(sorted(_correctable(at)))
        raise Invalid(Text(f"Chỉ đính chính được: {choices}.", f"Only these can be corrected: {choices}."), code="field", field="field")
    fact = Fact("step.corrected", {"field": name, "old": old.isoformat() if old else given.text(at.payload, "old"), "new": value})
    return Effect(changes, (fact,), given.text(at.payload, "reason"))


def _end(at: Situation, status: WorkStatus, kind: str) -> Effect:
    changes = {"status": status, "extension": None, "approval_due_on": None, "suspended_on": None, "resume_to": None}
    return Effect(changes, (Fact(kind),), given.text(at.payload, "reason"))


def _correctable(at: Situation) -> frozenset[str]:
    documents = {f"evidence.{e.code}.{part}" for e in at.definition.evidence for part in ("number", "date")}
    return frozenset(documents | {f"figures.{f.code}" for f in at.definition.figures} | {"submitted_on"})
