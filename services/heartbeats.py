"""Noting that a duty was done to its end, for those who watch whether it still is."""

from __future__ import annotations

from engine.instants import Now
from models import heartbeats as sql
from models.database import Database

SWEEP, DELIVER, ANCHOR, BACKUP = "sweep", "deliver", "anchor", "backup"
PROBE, BEGUN = "web", "begun"
DUTIES = (SWEEP, DELIVER, ANCHOR, BACKUP)


def probe(db: Database, now: Now) -> None:
    """Somebody asks at ``now`` whether the service is ready. The first time is kept: from then on duties are waited for."""
    with db.write() as connection:
        sql.beat(connection, PROBE, now.system, now.business)
        sql.begin(connection, BEGUN, now.system, now.business)


def beat(db: Database, name: str, now: Now) -> None:
    """``name`` was done at ``now``: one small transaction."""
    with db.write() as connection:
        sql.beat(connection, name, now.system, now.business)
