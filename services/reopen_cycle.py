"""Taking a closing back: one transaction, under the workflow's lock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.cycle_close import Disposition
from engine.definition import Text
from engine.derived import derived
from engine.errors import InvalidFields, Refused
from engine.facts import Fact
from engine.gates import Counts, all_passed, satisfied, take_up
from engine.instants import Now
from engine.payload import text as text_of
from engine.statuses import VOID, WorkStatus
from engine.step_state import from_row
from models import action_path
from models import closing as sql
from models.database import Database
from models.opening import flag, take_back
from services.close_cycle import Closed, again, locked, may_close, open_ready, request_of
from services.definitions import workflow_of
from services.journaling import entry, stream_of
from services.noticing import notices_for

S = WorkStatus
LEFT_ALONE = tuple(sorted(VOID | {S.WAITING}))


def reopen_cycle(
    db: Database, workflow_id: int, *, reason: str, actor: Actor, key: str, now: Now, calendar: WorkCalendar
) -> Closed:  # fmt: skip
    """Take a closing back: what was left unfinished is open again with its clock; what was carried over or cancelled stays as it is.

    Raises Refused (not the standing agency, or not closed), Invalid (no reason), NotFound, KeyReused.
    """
    may_close(actor)
    reason = text_of({"reason": reason}, "reason")
    if not reason:
        raise InvalidFields({"reason": Text("Chưa ghi lý do.", "Give the reason.")})
    request = request_of("reopen-cycle", workflow_id, reason, {})
    with db.write() as connection:
        row = locked(connection, workflow_id)
        made = sql.made_under(connection, actor.account_id, key)
        if made is not None:
            return again(made, request, workflow_id)
        if not sql.is_closed(connection, workflow_id):
            raise Refused(Text("Chu kỳ chưa kết sổ.", "The cycle is not closed."), code="not-closed")
        return _reopen(connection, row, actor, now, calendar, reason, key, request)


def _reopen(
    connection: Connection, row: Any, actor: Actor, now: Now, calendar: WorkCalendar, reason: str, key: str, request: str
) -> Closed:  # fmt: skip
    workflow, left = workflow_of(connection, row), sql.left_steps(connection, row["id"])
    sql.open_again(connection, row["id"])
    for step in (replace(from_row(found), closed_on=None) for found in left):
        action_path.change_step(connection, step.id, {**derived(step, {}, workflow, now), "changed_at": now.business})
    counts = take_up(row["counts"])
    stream, seq = stream_of(row["id"]), row["seq"] + 1
    facts = [Fact("workflow.reopened"), *(Fact("step.taken-up-again", {"step": found["id"]}) for found in left)]
    facts += _premature(connection, row, workflow, counts)
    waiting = {found["code"] for found in left if found["status"] == S.WAITING}
    opened = open_ready(connection, row, workflow, counts, waiting, seq=seq, now=now, calendar=calendar)
    facts += opened.facts
    made = entry(
        stream, seq, row["head"], actor=actor, action="reopen-cycle", facts=facts, now=now, text=reason, key=key, request_hash=request
    )  # fmt: skip
    action_path.add_entry(connection, made)
    notices = notices_for(facts, stream=stream, seq=seq, plan_id=row["plan_id"], workflow_id=row["id"], step_id=None, now=now)
    action_path.add_notices(connection, notices)
    finished = row["finished_at"] if all_passed(counts) else None
    changes = {"seq": seq, "head": made["hash"], "counts": counts, "closed_at": None, "finished_at": finished}
    action_path.close_transaction(connection, row["id"], changes, wakes=True)
    return Closed(row["id"], {Disposition.LEAVE.value: len(left)})


def _premature(connection: Connection, row: Any, workflow: CompiledWorkflow, counts: Counts) -> list[Fact]:
    """What the closing opened, since nobody waited for what was left, waits again where nobody touched it; the rest is flagged."""
    opened = sql.opened_by_closing(connection, row["id"])
    scope = {code: None for code in opened if not all(satisfied(e, counts) for e in workflow.into[code] if not e.per_slot)}
    if not scope:
        return []
    back = take_back(connection, row["id"], scope)
    went_on = flag(connection, row["id"], scope, unless=LEFT_ALONE)
    kinds = (("step.waiting-again", back), ("step.flagged", went_on))
    return [Fact(kind, {"step": r.id, "code": r.code, "slot": r.slot}) for kind, rows in kinds for r in rows]
