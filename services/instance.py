"""Which database this is: the instant at which it was first run, to the microsecond. One that was made anew is another."""

from __future__ import annotations

from engine.instants import Now
from models import heartbeats as sql
from models.database import Database

FIRST = "first"


def instance_of(db: Database) -> str:
    """The database's name for itself; "" for one that was never run or is not there."""
    if db.file is not None and not db.file.exists():
        return ""
    with db.read() as connection:
        found = sql.last(connection).get(FIRST) if sql.kept(connection) else None
    return found.isoformat() if found else ""


def name_instance(db: Database, now: Now) -> str:
    """Name it at ``now`` unless it has a name; its name."""
    if not instance_of(db):
        with db.write() as connection:
            sql.beat(connection, FIRST, now.system, now.business)
    return instance_of(db)
