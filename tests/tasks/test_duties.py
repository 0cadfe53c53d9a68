"""What time brings, beyond the services that it calls."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from models.database import Database
from tasks.duties import back_up
from tests.factories import CALENDAR, at, festival
from tests.services.played import Played
from wiring.context import AppContext
from wiring.settings import Settings


def test_each_night_the_database_sees_how_it_has_grown(sqlite: Database, tmp_path: Path) -> None:
    Played(sqlite, definition=festival(30))
    with sqlite.write() as connection:
        connection.execute(text("CREATE TABLE alembic_version AS SELECT '0001' AS version_num"))
        connection.execute(text("DROP TABLE sqlite_stat1"))  # what opening the cycles made known
    back_up(AppContext(Settings(_env_file=None, data=tmp_path), sqlite, lambda: at(Played.day), lambda: CALENDAR, False))
    with sqlite.read() as connection:
        seen = connection.execute(text("SELECT idx FROM sqlite_stat1 WHERE tbl = 'step'")).scalars().all()
    assert {"ix_step_due", "ix_step_plan_id"} <= set(seen)
