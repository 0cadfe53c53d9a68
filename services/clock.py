"""Business time: the system's, or a simulated instant that is a row, stands still and never goes back.

A page asks for a target; only the orchestrator moves the clock towards it, so that every morning and evening in between is lived through.
"""

from __future__ import annotations

from datetime import datetime

from engine.definition import Text
from engine.errors import Refused, Unavailable
from engine.instants import Now
from models import clock as sql
from models.database import Database


def now_of(db: Database, *, system: datetime, simulated: bool) -> Now:
    """The present: ``system`` is the real instant, handed in from the edge; business time is read from the row when ``simulated``."""
    if not simulated:
        return Now(system, system)
    with db.read() as connection:
        row = sql.read(connection)
    return Now(row.at if row else system, system)


def start(db: Database, at: datetime) -> None:
    """Set the simulated clock for the first time; without effect if it exists."""
    with db.write() as connection:
        sql.create(connection, at)


def begun(db: Database) -> bool:
    """Whether the simulated clock was ever set: the database is a demonstration."""
    with db.read() as connection:
        return sql.read(connection) is not None


def require_kind(db: Database, *, simulated: bool) -> None:
    """Raise Unavailable unless the data are of the clock's kind: who runs real data as a demonstration lets anybody in without a
    password, and a demonstration run in earnest mails to people who do not exist."""
    demonstration = begun(db)
    if demonstration and not simulated:
        raise Unavailable(
            Text("Thư mục này chứa dữ liệu trình diễn.", "This folder holds the demonstration."),
            code="demonstration-data",
            hint=Text(
                "Dùng một thư mục khác (DONDOC_DATA) cho dữ liệu thật: dondoc init.", "Real data go elsewhere (DONDOC_DATA): dondoc init."
            ),
        )
    if simulated and not demonstration:
        raise Unavailable(
            Text("Thư mục này không chứa dữ liệu trình diễn.", "This folder does not hold the demonstration."),
            code="real-data",
            hint=Text(
                "Dữ liệu thật: đặt DONDOC_CLOCK=system (dondoc up --no-demo). Trình diễn: dondoc demo trong một thư mục trống.",
                "For real data set DONDOC_CLOCK=system (dondoc up --no-demo). For the demonstration: dondoc demo, in an empty folder.",
            ),
        )


def set_target(db: Database, target: datetime) -> None:
    """Ask for the clock to be moved to ``target``. Raises Refused for an instant before the present one."""
    with db.write() as connection:
        row = sql.read(connection)
        if row is None or target < row.at:
            raise Refused(Text("Đồng hồ không lùi lại.", "The clock never goes back."), code="clock")
        sql.set_target(connection, max(target, row.target))


def target(db: Database) -> datetime | None:
    """The instant that was asked for, or None if the clock has reached it."""
    with db.read() as connection:
        row = sql.read(connection)
    return row.target if row and row.target > row.at else None


def advance_to(db: Database, at: datetime) -> None:
    """Move the clock to ``at``; an earlier instant changes nothing."""
    with db.write() as connection:
        sql.advance(connection, at)
