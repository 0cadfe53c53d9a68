"""Moving the dates that a change of the calendar moves: one transaction a workflow, under its lock.

A date is counted again from its ledger, so a workflow that was settled has nothing left to move: a run that was killed goes on where it
stopped, and running twice moves nothing twice. For an hour a change is looked at again by every sweep, for workflows that came into being
meanwhile in a process that still counted by the old days.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.calendar_change import DUE, Move
from engine.derived import derived
from engine.facts import Fact
from engine.instants import Now
from engine.step_state import from_row
from models import action_path, running_dates
from models import calendar as sql
from models.database import Database
from services.calendar_moves import Recounted, every_recount, recounts
from services.journaling import entry, stream_of
from services.noticing import notices_for
from services.opening import ledger_row

LOOKED_AT_AGAIN = timedelta(hours=1)  # system time
FACTS = {DUE: "step.due-shifted", "approval": "step.approval-shifted"}


def settle(db: Database, *, now: Now, calendar: WorkCalendar) -> int:
    """Bring every running date to ``calendar``, if a change of it is not settled yet; how many dates moved.

    ``calendar`` is the one in force. What moves is put down to the latest change.
    """
    with db.read() as connection:
        changes = sql.to_settle(connection, now.system - LOOKED_AT_AGAIN)
        concerned = [found.row["id"] for found in every_recount(connection, calendar, now)] if changes else []
    moved = 0
    for workflow_id in concerned:
        with db.write() as connection:
            moved += _settle(connection, workflow_id, changes[-1], now, calendar)
    unfinished = [change["id"] for change in changes if change["finished_at"] is None]
    if unfinished:
        with db.write() as connection:
            sql.finish(connection, unfinished, now.system)
    return moved


def _settle(connection: Connection, workflow_id: int, change: Any, now: Now, calendar: WorkCalendar) -> int:
    row = action_path.lock(connection, workflow_id)
    if row is None or row["finished_at"] is not None:
        return 0
    found = recounts(connection, [row], calendar, now)[0]
    for step_id, day in found.recount.estimates.items():
        running_dates.estimate(connection, step_id, day)
    running_dates.look_now(connection, found.early, now.business)
    moves = found.recount.moves
    if moves:
        _move(connection, found, change, now)
        sql.count_moved(connection, change["id"], len(moves))
    return len(moves)


def _move(connection: Connection, found: Recounted, change: Any, now: Now) -> None:
    row, moves = found.row, found.recount.moves
    lines = [_move_step(connection, found, list(of_step), change, now) for _, of_step in groupby(moves, key=lambda move: move.step_id)]
    action_path.add_deadlines(connection, [line for line in lines if line])
    facts = [_fact(move, change) for move in moves]
    stream, seq = stream_of(row["id"]), row["seq"] + 1
    actor = Actor(change["account_id"], "")
    made = entry(stream, seq, row["head"], actor=actor, action="shift-dates", facts=facts, now=now)
    action_path.add_entry(connection, made)
    notices = notices_for(facts, stream=stream, seq=seq, plan_id=row["plan_id"], workflow_id=row["id"], step_id=None, now=now)
    action_path.add_notices(connection, notices)
    action_path.close_transaction(connection, row["id"], {"seq": seq, "head": made["hash"]}, wakes=True)


def _move_step(connection: Connection, found: Recounted, moves: list[Move], change: Any, now: Now) -> dict[str, Any] | None:
    """Write the moved dates of one step; the ledger's entry, if its own date is among them (an approver's date has no ledger)."""
    step = from_row(found.steps[moves[0].step_id])
    changes: dict[str, Any] = {}
    line = None
    for move in moves:
        if move.kind == DUE:
            version = step.due_version + 1
            changes |= {"due_on": move.new, "previous_due_on": move.old, "planned_on": move.new, "due_version": version}
            line = ledger_row(step.id, version, "shift", move.new, now, account_id=change["account_id"], document=change["document"])
        else:
            changes |= {"approval_due_on": move.new}
    changes |= derived(step, changes, found.workflow, now)
    action_path.change_step(connection, step.id, {**changes, "version": step.version + 1, "changed_at": now.business})
    return line


def _fact(move: Move, change: Any) -> Fact:
    data = {"step": move.step_id, "was": move.old.isoformat(), "until": move.new.isoformat(), "change": change["id"]}
    return Fact(FACTS[move.kind], {**data, "document": change["document"]})
