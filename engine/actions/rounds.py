"""Handing in and confirming: submit, recall, approve, return, and recording what was done on paper.

Each submission is a numbered round with its own frozen evidence and figures. Separation of duties: whoever submitted a round, or was
represented in it, neither approves nor returns it. Source: the assigning authority confirms, not the doer (NĐ 138/2016).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from engine import payload as given
from engine.approval import is_complete
from engine.definition import Text
from engine.errors import Invalid, Refused
from engine.evidence import frozen
from engine.facts import Fact
from engine.situation import Situation
from engine.statuses import WorkStatus
from engine.step_state import NO_SUBMISSION, Effect, Ledger, Submission

S = WorkStatus
REDO_WITHIN = 2  # working days that a returned step gets by default


def progress(at: Situation) -> Effect:
    """A line about how it goes; an open step thereby counts as accepted."""
    changes = {"status": S.IN_PROGRESS, "accepted_by": at.actor.account_id} if at.step.status is S.OPEN else {}
    return Effect(changes, (Fact("step.progressed"),), given.text(at.payload, "text"))


def submit(at: Situation) -> Effect:
    """Hand in round n+1. The unit's clock stops; no date moves. Done at once where nobody confirms."""
    return _hand_in(at, at.today, recorded=False)


def recall(at: Situation) -> Effect:
    """Take a submission back while no link has approved."""
    return Effect({"status": S.IN_PROGRESS, **NO_SUBMISSION}, (Fact("step.recalled", {"round": at.step.round}),))


def approve(at: Situation) -> Effect:
    """Approve the current link for every unit the person belongs to in it: the next link, or done."""
    return _approve(at, at.actor.units & frozenset(at.chain[at.step.link].units), at.today)


def return_(at: Situation) -> Effect:
    """Hand the round back with a redo date: given, or +2 working days, or the due date if that is later.

    A round that came in time moves the due date to the redo date; one that came late stays late.
    """
    redo_on = given.day(at.payload, "redo_on") or at.calendar.add(at.today, REDO_WITHIN)
    if redo_on < at.today:
        raise Invalid(Text("Ngày làm lại đã qua.", "The redo date has passed."), code="past", field="redo_on")
    due_on, submitted_on = at.step.due_on, at.step.submitted_on
    facts = (Fact("step.returned", {"round": at.step.round, "redo_on": redo_on.isoformat()}),)
    changes: dict[str, Any] = {"status": S.RETURNED, **NO_SUBMISSION}
    reason = given.text(at.payload, "reason")
    if due_on is None or submitted_on is None or submitted_on > due_on or redo_on <= due_on:
        return Effect(changes, facts, reason)
    return Effect({**changes, "due_on": redo_on}, facts, reason, ledger=Ledger("redo", redo_on))


def record(at: Situation) -> Effect:
    """Enter what was handed in or decided on paper. The document's date counts; the recorder is the round's person."""
    on = given.required_day(at.payload, "date")
    if on > at.today:
        raise Invalid(Text("Ngày văn bản ở tương lai.", "The document is dated in the future."), code="future", field="date")
    document = {name: given.text(at.payload, name) for name in ("number", "signer")} | {"date": on.isoformat()}
    if at.step.status is not S.SUBMITTED:
        return _hand_in(at, on, recorded=True, document=document)
    if at.step.submitted_on and on < at.step.submitted_on:
        raise Invalid(Text("Duyệt trước khi nộp.", "Approved before it was submitted."), code="before", field="date")
    effect = _approve(at, frozenset(at.chain[at.step.link].units), on)
    facts = tuple(Fact(f.kind, {**f.data, "recorded": True, "number": document["number"]}) for f in effect.facts)
    return Effect(effect.changes, facts, document["signer"])


def _hand_in(at: Situation, on: date, *, recorded: bool, document: dict[str, str] | None = None) -> Effect:
    number = at.step.round + 1
    body = frozen(at.definition, at.step.draft, at.payload, check=not recorded)
    if document:
        body["document"] = document
    links = at.chain
    changes: dict[str, Any] = {
        "status": S.SUBMITTED if links else S.DONE,
        "round": number,
        "link": 0,
        "link_approved": [],
        "submitted_by": at.actor.account_id,
        "submitted_for": at.actor.represented_id,
        "submitted_on": on,
        "submitted_at": at.now.business,
        "accepted_by": at.step.accepted_by or at.actor.account_id,
        "extension": None,
    }
    handed_in = {"round": number, "on": on.isoformat(), **({"recorded": True} if recorded else {})}
    if links:
        changes["approval_due_on"] = at.calendar.add(at.today, links[0].within)
    else:
        changes |= {"done_on": at.today, "done_at": at.now.business}
    fact = Fact("step.submitted" if links else "step.completed", handed_in)
    note = given.text(at.payload, "note")
    return Effect(changes, (fact,), note, submission=Submission(number, on, body, recorded))


def _approve(at: Situation, units: frozenset[str], on: date) -> Effect:
    link = at.chain[at.step.link]
    approved = frozenset(at.step.link_approved) | units
    if not is_complete(link, approved):
        if approved == frozenset(at.step.link_approved):
            raise Refused(Text("Đơn vị của bạn đã duyệt.", "Your unit has approved already."), code="already-approved")
        return Effect(
            {"link_approved": sorted(approved)}, (Fact("step.approval-given", {"units": sorted(units)}),), given.text(at.payload, "note")
        )
    following = at.step.link + 1
    note = given.text(at.payload, "note")
    if following < len(at.chain):
        due = at.calendar.add(at.today, at.chain[following].within)
        fact = Fact("step.link-approved", {"link": at.step.link, "units": sorted(units)})
        return Effect({"link": following, "link_approved": [], "approval_due_on": due}, (fact,), note)
    fact = Fact("step.approved", {"round": at.step.round, "units": sorted(units)})
    return Effect({"status": S.DONE, "done_on": on, "done_at": at.now.business, "approval_due_on": None, "extension": None}, (fact,), note)
