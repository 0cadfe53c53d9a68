"""A small plan that was lived through, for tests that look at what came of it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from engine.instants import at_local
from models.database import Database, sqlite_url
from models.schema import create_all
from notifications.render import Site
from simulation.post import NO_POST, NullPost, Post
from simulation.replay import Replayed, Staging, replay
from tests.factories import CALENDAR, festival

DAY = date(2024, 9, 16)


def mail() -> Post:
    """Messages are made and leave nowhere."""
    return NullPost(CALENDAR, Site("http://dondoc.example"))


def lived(db: Database, *, seed: int = 3, until: datetime | None = None, post: Post = NO_POST) -> Replayed:
    """The festival plan, lived through in ``db`` to the middle of its reports."""
    return replay(
        db, festival(4), seed=seed, until=until or at_local(DAY, 9), calendar=CALENDAR, staging=Staging(post=post)
    )  # fmt: skip


def fresh(folder: Path, name: str = "dondoc") -> Database:
    """An empty SQLite database with every table, which nobody will miss."""
    db = Database(sqlite_url(folder / f"{name}.sqlite"), durable=False)
    create_all(db)
    return db
