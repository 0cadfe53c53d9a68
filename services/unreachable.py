"""Units in which nobody can be reached by mail: the standing agency is told once, for as long as it lasts. Safe to run twice.

Level-triggered: it compares what is with what was told. A unit that gets people and loses them again is told anew.
"""

from __future__ import annotations

from engine.access import SYSTEM
from engine.facts import Fact
from engine.instants import Now
from models import action_path, outbox
from models import unreachable as sql
from models.database import Database
from services.journaling import entry, stream_of
from services.noticing import notices_for


def watch_units(db: Database, *, now: Now) -> list[str]:
    """Tell of units that hold work and in which nobody can be reached, and forget those where somebody can; the units newly told of."""
    with db.read() as connection:
        found, known = sql.now_unreachable(connection, now.today), sql.known(connection)
    if known - found.keys():
        with db.write() as connection:
            outbox.alone(connection)
            sql.end(connection, sorted(known - sql.now_unreachable(connection, now.today).keys()))
    return [unit for (plan_id, unit), step_id in sorted(found.items()) if (plan_id, unit) not in known and _tell(db, unit, step_id, now)]


def _tell(db: Database, unit: str, step_id: int, now: Now) -> bool:
    """One entry in the journal of the workflow whose step waits most urgently, one notice about that step; False if it was told already."""
    with db.write() as connection:
        row = action_path.lock_by_step(connection, step_id)
        assert row is not None  # steps are never deleted
        outbox.alone(connection)
        if (row["plan_id"], unit) in sql.known(connection):
            return False
        sql.begin(connection, (row["plan_id"], unit), now.business)
        stream, seq = stream_of(row["id"]), row["seq"] + 1
        facts = (Fact("unit.unreachable", {"step": step_id, "unit": unit}),)
        made = entry(stream, seq, row["head"], actor=SYSTEM, action="sweep", facts=facts, now=now)
        action_path.add_entry(connection, made)
        notices = notices_for(facts, stream=stream, seq=seq, plan_id=row["plan_id"], workflow_id=row["id"], step_id=step_id, now=now)
        action_path.add_notices(connection, [{**notice, "unit": unit} for notice in notices])
        action_path.close_transaction(connection, row["id"], {"seq": seq, "head": made["hash"]}, wakes=False)
    return True
