"""Escalation above a unit: the ladder proposes it, a person of the standing agency releases it or says why not now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine import payload as given
from engine.access import Actor
from engine.definition import Text
from engine.errors import NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from models import action_path
from models.database import Database
from models.reading import escalations as sql
from notifications.relevance import STILL, Cause, gone
from notifications.words import reason_text
from services.definitions import workflow_of
from services.journaling import entry, stream_of
from services.noticing import notices_for
from services.queries import naming

RELEASED, PUT_OFF = "released", "put-off"
FACTS = {"agency": "step.escalated", "committee": "step.escalated-to-committee"}
DECIDED = {
    RELEASED: Text("Đề nghị này đã được chuyển lên.", "It was released."),
    PUT_OFF: Text("Đã quyết định chưa chuyển.", "It was put off."),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. ``tell``: agency (its head) | committee; ``days``: calendar days late today; ``proposed_at``: when the rung came."""

    id: int
    step_id: int
    place: Text
    number: int
    title: Text
    lead: str
    due_on: date
    days: int
    tell: str
    rung: str
    proposed_at: datetime


def proposals(db: Database, viewer: Actor, now: Now) -> tuple[Proposal, ...]:
    """What waits for ``viewer``'s decision and still holds, the longest overdue first."""
    with db.read() as connection:
        rows = sql.waiting(connection, viewer, sorted(STILL["escalation"]))
        return tuple(_proposal(connection, row, now) for row in rows if row["data"].get("proposed"))


def release(db: Database, notice_id: int, *, actor: Actor, now: Now) -> bool:
    """Let the proposal go to whom it is for: an immediate notice, never urgent. False if it was released already.

    Raises NotFound, and Refused for others than the standing agency, for what was put off and for what no longer holds.
    """
    return _decide(db, notice_id, RELEASED, "release-escalation", "", actor, now)


def put_off(db: Database, notice_id: int, *, reason: str, actor: Actor, now: Now) -> bool:
    """Not now, and why. The ladder's next rung may propose it again. False if it was put off already. Raises as `release`, and Invalid."""
    given.require({"reason": reason}, ("reason",))
    return _decide(db, notice_id, PUT_OFF, "put-off-escalation", given.text({"reason": reason}, "reason"), actor, now)


def _decide(db: Database, notice_id: int, state: str, action: str, text: str, actor: Actor, now: Now) -> bool:
    if "agency" not in actor.roles:
        raise Refused(Text("Chỉ dành cho cơ quan thường trực.", "Only for the standing agency."), code="relation")
    with db.write() as connection:
        found = sql.one(connection, notice_id)
        if found is None or not found["data"].get("proposed"):
            raise NotFound()
        workflow = action_path.lock(connection, found["workflow_id"])
        found = sql.one(connection, notice_id)
        if workflow is None or found is None:
            raise NotFound()
        if found["state"] == state:
            return False
        _still_open(found)
        sql.decide(connection, notice_id, state)
        _journal(connection, workflow, found, action, text, actor, now)
    return True


def _still_open(found: Any) -> None:
    """Refused if somebody decided otherwise meanwhile, or the reason is gone."""
    if found["state"] in DECIDED:
        raise Refused(DECIDED[found["state"]], code="decided")
    lately = {"status": found["step_status"], "due_version": found["step_due_version"], "lead": found["step_lead"]}
    lately["closed_on"] = found["step_closed_on"]
    why = gone(Cause("escalation", found["about_version"]), lately)
    if why:
        said = Text(reason_text(why, "vi"), reason_text(why, "en"))
        raise Refused(Text(f"Không còn cần chuyển: {said.vi}.", f"No longer needed: {said.en}."), code="gone")


def _journal(connection: Connection, workflow: Any, found: Any, action: str, text: str, actor: Actor, now: Now) -> None:
    stream, seq, step = stream_of(workflow["id"]), workflow["seq"] + 1, found["step_id"]
    kind = FACTS[_tell(found)] if action == "release-escalation" else "step.escalation-put-off"
    facts = [Fact(kind, {"step": step, "rung": found["rung"]})]
    made = entry(stream, seq, workflow["head"], actor=actor, action=action, facts=facts, now=now, step_id=step, text=text)
    action_path.add_entry(connection, made)
    notices = notices_for(facts, stream=stream, seq=seq, plan_id=workflow["plan_id"], workflow_id=workflow["id"], step_id=step, now=now)
    action_path.add_notices(connection, notices)
    action_path.close_transaction(connection, workflow["id"], {"seq": seq, "head": made["hash"]}, wakes=False)


def _tell(found: Any) -> str:
    """Whom the rung names; notices made before that was kept say it in the rung."""
    return str(found["data"].get("tell") or ("committee" if "committee" in found["rung"] else "agency"))


def _proposal(connection: Connection, row: Any, now: Now) -> Proposal:
    workflow = workflow_of(connection, row)
    return Proposal(
        id=row["id"],
        step_id=row["step_id"],
        place=naming.place(workflow, row["cycle"], confidential=False),
        number=naming.step_number(workflow, row["step_code"]),
        title=naming.step_title(workflow, row["step_code"], confidential=False),
        lead=row["step_lead"],
        due_on=row["step_due_on"],
        days=(now.today - row["step_due_on"]).days,
        tell=_tell(row),
        rung=row["rung"],
        proposed_at=row["business_at"],
    )
