"""The demonstration's database: Plan 222 replayed to the morning of 25/07/2024, where the simulated clock stands still.

It is built in a file beside the real one and moved into its place when whole, so that a run that was cut off leaves nothing half made.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from engine.calendar import WorkCalendar
from engine.definition import PlanDefinition, Text
from engine.errors import Refused
from engine.instants import Now, at_local
from models import publishing
from models.database import Database, sqlite_url
from models.migrate import upgrade
from notifications.render import Site
from services.accounts import everyone
from services.clock import begun, start
from services.introductions import put_away_for_who_acted
from services.working_days import keep_calendar
from simulation.demo_story import STORY
from simulation.post import NullPost
from simulation.replay import Staging, replay
from wiring.calendar import build_calendar, proposed_days

DAY = date(2024, 7, 25)
OPENS_AT = at_local(DAY, 9)
KEPT_DAYS = 3  # mail of so many days is left to be sent, so that the mailbox is not empty
SEED = 222


def prepare(url: str, definition: PlanDefinition, *, seed: int = SEED, on_progress: Callable[[float], None] | None = None) -> bool:
    """Make the demonstration in the database at ``url``; whether anything was made.

    What is there is left alone: a database whose simulated clock runs is the demonstration. Raises Refused for one with other data.
    """
    db = Database(url)
    try:
        if db.file:
            db.file.parent.mkdir(parents=True, exist_ok=True)
        upgrade(db)
        if begun(db):
            return False
        if not _is_empty(db):
            raise Refused(
                Text("Cơ sở dữ liệu đã có dữ liệu khác.", "The database holds other data."),
                code="not-empty",
                hint=Text(
                    "Dữ liệu thật: dondoc up --no-demo (DONDOC_CLOCK=system). Trình diễn: chọn một thư mục trống.",
                    "Real data run with dondoc up --no-demo (DONDOC_CLOCK=system); the demonstration wants an empty folder.",
                ),
            )
        path = db.file
        if path is None:
            _fill(db, definition, seed, on_progress)
            return True
    finally:
        db.close()
    _build_aside(path, definition, seed, on_progress)
    return True


def _build_aside(path: Path, definition: PlanDefinition, seed: int, on_progress: Callable[[float], None] | None) -> None:
    aside = path.with_name(f"{path.name}.building")
    _remove(aside)
    db = Database(sqlite_url(aside), durable=False)
    try:
        upgrade(db)
        _fill(db, definition, seed, on_progress)
    finally:
        db.close()  # the last connection to close folds the write-ahead log into the file
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    _remove(path)
    aside.replace(path)


def _fill(db: Database, definition: PlanDefinition, seed: int, on_progress: Callable[[float], None] | None) -> None:
    calendar = build_calendar(definition.calendar)
    begins = at_local(definition.issued_on, 7)
    keep_calendar(db, proposed_days, now=Now(begins, begins))
    replay(db, definition, seed=seed, until=OPENS_AT, calendar=calendar, staging=_staging(calendar), on_progress=on_progress)
    start(db, OPENS_AT)
    put_away_for_who_acted(db, now=Now(OPENS_AT, OPENS_AT))


def _is_empty(db: Database) -> bool:
    with db.read() as connection:
        return not publishing.published_plans(connection) and not everyone(db)


def _staging(calendar: WorkCalendar) -> Staging:
    return Staging(STORY, NullPost(calendar, Site(""), kept_from=at_local(DAY - timedelta(days=KEPT_DAYS), 0)))


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
