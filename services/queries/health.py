"""Whether the database answers, and a few totals for those who watch the service."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from engine.definition import Text
from engine.errors import Unavailable
from engine.instants import Now
from models.database import Database
from models.reading import health


@dataclass(frozen=True, slots=True)
class Counts:
    """Totals over the whole office at one instant."""

    unfinished_steps: int
    overdue_steps: int
    dirty_workflows: int
    pending_notices: int
    unsent_messages: int


def ready(db: Database) -> None:
    """Return when the database answers; raises `Unavailable` while it does not."""
    try:
        with db.read() as connection:
            health.one(connection)
    except SQLAlchemyError as problem:
        raise Unavailable(Text("Cơ sở dữ liệu không trả lời.", "The database does not answer."), code="database") from problem


def counts(db: Database, now: Now) -> Counts:
    """The totals at business time."""
    with db.read() as connection:
        return Counts(*health.totals(connection, now.business))
