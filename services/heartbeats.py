"""Noting that a duty was done to its end, for those who watch whether it still is."""

from __future__ import annotations

from engine.instants import Now
from models import heartbeats as sql
from models.database import Database

SWEEP, DELIVER, ANCHOR, BACKUP, PROBE = "sweep", "deliver", "anchor", "backup", "web"
DUTIES = (SWEEP, DELIVER, ANCHOR, BACKUP)


def beat(db: Database, name: str, now: Now) -> None:
    """``name`` was done at ``now``: one small transaction."""
    with db.write() as connection:
        sql.beat(connection, name, now.system, now.business)
