"""Ending a step without its work, and taking an end back."""

from __future__ import annotations

from engine import payload as given
from engine.facts import Fact
from engine.situation import Situation
from engine.statuses import WorkStatus
from engine.step_state import NO_SUBMISSION, Effect
from engine.succession import heir

S = WorkStatus


def mark_not_applicable(at: Situation) -> Effect:
    """It never was theirs to do: in no denominator."""
    return _end(at, S.NOT_APPLICABLE, "step.not-applicable")


def cancel(at: Situation) -> Effect:
    """It will not be done."""
    return _end(at, S.CANCELLED, "step.cancelled")


def reopen(at: Situation) -> Effect:
    """A finished step is worked on again. Its rounds stay; the next submission is a new one.

    If its lead has ended meanwhile, the successor answers for it.
    """
    opened_on, lead = at.step.opened_on or at.today, heir(at.workflow.plan, at.step.lead, at.today)
    changes = {**NO_SUBMISSION, "status": S.IN_PROGRESS, "done_on": None, "done_at": None, "opened_on": opened_on}
    facts = [Fact("step.reopened", {"from": str(at.step.status)})]
    if lead != at.step.lead:
        changes["lead"] = lead
        facts.insert(0, Fact("step.succeeded", {"from": at.step.lead, "to": lead, "on": at.today.isoformat(), "document": ""}))
    return Effect(changes, tuple(facts), given.text(at.payload, "reason"))


def _end(at: Situation, status: WorkStatus, kind: str) -> Effect:
    changes = {"status": status, "extension": None, "approval_due_on": None, "suspended_on": None, "resume_to": None}
    return Effect(changes, (Fact(kind),), given.text(at.payload, "reason"))
