"""The numbers that stand beside the navigation."""

from __future__ import annotations

from engine.access import Actor
from engine.instants import Now
from models.database import Database
from models.reading import overdue as sql
from models.reading.overdue import Wanted


def overdue_count(db: Database, viewer: Actor, now: Now) -> int:
    """How many steps are overdue that concern ``viewer``: all for who reads everything, else those that their units lead."""
    if not viewer.reads_everything and not viewer.units:
        return 0
    units = () if viewer.reads_everything else tuple(sorted(viewer.units))
    with db.read() as connection:
        return sql.how_many(connection, viewer, Wanted(units), now.business)
