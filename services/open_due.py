"""Opening by date: waiting steps whose day has come and that wait for nothing else. Level-triggered, safe to run twice."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.access import SYSTEM
from engine.calendar import WorkCalendar
from engine.gates import satisfied
from engine.instants import Now
from models import action_path, sweeping
from models.database import Database
from services.definitions import workflow_of
from services.journaling import entry, stream_of
from services.noticing import notices_for
from services.opening import Opened, open_candidates


def open_due(db: Database, workflow_id: int, *, now: Now, calendar: WorkCalendar) -> list[int]:
    """Open what can open in one workflow; the ids of the steps opened."""
    with db.read() as connection:
        if not sweeping.waiting_codes(connection, workflow_id):
            return []
    with db.write() as connection:
        return _open(connection, workflow_id, now, calendar)


def open_all_due(db: Database, *, now: Now, calendar: WorkCalendar) -> list[int]:
    """`open_due` for every workflow with a waiting step whose day has come."""
    with db.read() as connection:
        ids = sweeping.workflows_to_open(connection, now.today)
    return [step for workflow_id in ids for step in open_due(db, workflow_id, now=now, calendar=calendar)]


def _open(connection: Connection, workflow_id: int, now: Now, calendar: WorkCalendar) -> list[int]:
    row = action_path.lock(connection, workflow_id)
    if row is None:
        return []
    compiled, counts, opened = workflow_of(connection, row), row["counts"], Opened()
    waiting = sweeping.waiting_codes(connection, workflow_id)
    ready = [c for c in compiled.steps if c in waiting and all(satisfied(e, counts) for e in compiled.into[c] if not e.per_slot)]
    seq = row["seq"] + 1
    open_candidates(
        connection, [(code, None) for code in ready], workflow=compiled, row=row, seq=seq, now=now, calendar=calendar, into=opened
    )
    if not opened.ids:
        return []
    action_path.add_deadlines(connection, opened.ledger)
    stream = stream_of(workflow_id)
    made = entry(stream, seq, row["head"], actor=SYSTEM, action="open", facts=opened.facts, now=now)
    action_path.add_entry(connection, made)
    rows = notices_for(opened.facts, stream=stream, seq=seq, plan_id=row["plan_id"], workflow_id=workflow_id, step_id=None, now=now)
    action_path.add_notices(connection, rows)
    action_path.close_transaction(connection, workflow_id, {"seq": seq, "head": made["hash"]}, wakes=True)
    return opened.ids
