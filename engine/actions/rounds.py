"""Handing in and confirming: submit, recall, approve, return, and recording what was done on paper.

Each submission is a numbered round with its own frozen evidence and figures. Separation of duties: whoever submitted a round, or was
represented in it, neither approves nor returns it. Source: the assigning authority confirms, not the doer (NĐ 138/2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from engine import payload as given
from engine.actions.talk import attached, files_given
from engine.approval import outcome
from engine.definition import Text
from engine.errors import Invalid, Refused
from engine.evidence import frozen, handed_in_draft
from engine.facts import Fact
from engine.situation import Situation
from engine.statuses import WorkStatus
from engine.step_state import NO_SUBMISSION, Effect, Ledger, Submission
from engine.transitions import Action

S = WorkStatus
REDO_WITHIN = 2  # working days that a returned step gets by default


def progress(at: Situation) -> Effect:
    """A line about how it goes; an open step thereby counts as accepted."""
    changes = {"status": S.IN_PROGRESS, "accepted_by": at.actor.account_id} if at.step.status is S.OPEN else {}
    return Effect(changes, (Fact("step.progressed"),), given.text(at.payload, "text"))


def submit(at: Situation) -> Effect:
    """Hand in round n+1. The unit's clock stops; no date moves. Done at once where nobody confirms."""
    return _hand_in(at, at.today)


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
    """Enter what was handed in, or decided, on paper. The document's date counts; the recorder is the round's person.

    ``decision`` on a round: "approve" (usual) or "return", which takes a ``reason``. ``files``: the scan, kept with the entry.
    """
    on = given.required_day(at.payload, "date")
    if on > at.today:
        raise Invalid(Text("Ngày văn bản ở tương lai.", "The document is dated in the future."), code="future", field="date")
    scans = files_given(at)
    document = {name: given.text(at.payload, name) for name in ("number", "signer")} | {"date": on.isoformat()}
    effect = _hand_in(at, on, document=document, scans=scans) if at.step.status is not S.SUBMITTED else _decided(at, on, document)
    paper = {"recorded": True, "number": document["number"], "on": on.isoformat()}
    facts = (*(Fact(f.kind, {**f.data, **paper}) for f in effect.facts), *(attached(scan) for scan in scans))
    return replace(effect, changes={**effect.changes, "recorded": True}, facts=facts, files=scans)


def _decided(at: Situation, on: date, document: dict[str, str]) -> Effect:
    """The decision of the link whose turn it is, as it stands on paper."""
    if at.step.submitted_on and on < at.step.submitted_on:
        raise Invalid(
            Text("Quyết định trước ngày nộp.", "Decided before it was submitted."),
            code="before",
            field="date",
            hint=Text("Nếu ngày nộp sai, đính chính ngày nộp trước.", "If the day of submission is wrong, correct that first."),
        )
    decision = given.text(at.payload, "decision") or Action.APPROVE
    if decision not in (Action.APPROVE, Action.RETURN):
        raise Invalid(Text("Chọn duyệt hoặc trả lại.", "Choose approve or return."), code="decision", field="decision")
    if decision == Action.RETURN:
        given.require(at.payload, ("reason",))
        effect = return_(at)
    else:
        effect = _approve(at, frozenset(at.chain[at.step.link].units), on)
    return replace(effect, text="\n".join(part for part in (effect.text, document["signer"]) if part))


def _hand_in(at: Situation, on: date, *, document: dict[str, str] | None = None, scans: Sequence[dict[str, Any]] = ()) -> Effect:
    """Round n+1, handed in on the day ``on``; ``document`` and ``scans``: of one that came on paper."""
    number = at.step.round + 1
    body = frozen(at.definition, at.step.draft, at.payload, check=document is None)
    if document:
        kept = [{name: scan[name] for name in ("name", "sha256", "size")} for scan in scans]
        body["document"] = {**document, **({"files": kept} if kept else {})}
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
        "recorded": False,
    }
    if links:
        changes["approval_due_on"] = at.calendar.add(at.today, links[0].within)
    else:
        changes |= {"done_on": on, "done_at": at.now.business}
    fact = Fact("step.submitted" if links else "step.completed", {"round": number, "on": on.isoformat()})
    if at.step.draft:
        changes["draft"] = handed_in_draft(at.step.draft, body)
    note = given.text(at.payload, "note")
    return Effect(changes, (fact,), note, submission=Submission(number, on, body, document is not None))


def _approve(at: Situation, units: frozenset[str], on: date) -> Effect:
    approved = frozenset(at.step.link_approved) | units
    led_to = outcome(at.chain, at.step.link, approved)
    if led_to.same:
        if approved == frozenset(at.step.link_approved):
            raise Refused(Text("Đơn vị của bạn đã duyệt.", "Your unit has approved already."), code="already-approved")
        return Effect(
            {"link_approved": sorted(approved)}, (Fact("step.approval-given", {"units": sorted(units)}),), given.text(at.payload, "note")
        )
    following = at.step.link + 1
    note = given.text(at.payload, "note")
    if led_to.waits_for:
        due = at.calendar.add(at.today, at.chain[following].within)
        fact = Fact("step.link-approved", {"link": at.step.link, "units": sorted(units)})
        return Effect({"link": following, "link_approved": [], "approval_due_on": due}, (fact,), note)
    fact = Fact("step.approved", {"round": at.step.round, "units": sorted(units)})
    return Effect({"status": S.DONE, "done_on": on, "done_at": at.now.business, "approval_due_on": None, "extension": None}, (fact,), note)
