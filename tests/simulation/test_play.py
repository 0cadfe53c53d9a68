"""The play: deterministic, plausible, and over the services alone."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.instants import at_local
from models.database import Database
from simulation.replay import Staging, replay
from simulation.story import FAR, Story, Turn
from tests.factories import CALENDAR, festival
from tests.simulation.small import DAY, fresh, lived, mail

WORKFLOW = ("NV4", "ngay-hoi", "2024")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    found = fresh(tmp_path)
    yield found
    found.close()


def history(db: Database) -> list[tuple[object, ...]]:
    """Who did what when, and how every step stands."""
    entries = "SELECT stream, seq, account_id, action, step_id, at, text FROM journal_entry ORDER BY stream, seq"
    steps = "SELECT id, code, slot, status, due_on, submitted_on, round, extensions FROM step ORDER BY id"
    messages = "SELECT key, state, subject FROM message ORDER BY key"
    with db.read() as connection:
        return [tuple(row) for query in (entries, steps, messages) for row in connection.execute(text(query))]


def statuses(db: Database, code: str) -> dict[str, str]:
    with db.read() as connection:
        rows = connection.execute(text("SELECT slot, status FROM step WHERE code = :code"), {"code": code})
        return {row.slot: row.status for row in rows}


def test_the_same_seed_gives_the_same_history(db: Database, tmp_path: Path):
    again = fresh(tmp_path, "again")
    until = at_local(date(2024, 6, 1), 9)
    assert lived(db, until=until, post=mail()) == lived(again, until=until, post=mail())
    assert history(db) == history(again)
    again.close()


def test_another_seed_gives_another_history(db: Database, tmp_path: Path):
    other = fresh(tmp_path, "other")
    until = at_local(date(2024, 5, 1), 9)
    lived(db, seed=1, until=until)
    lived(other, seed=2, until=until)
    assert history(db) != history(other)
    other.close()


def test_people_rest_at_night_and_on_days_off_but_for_the_festival_itself(db: Database):
    lived(db)
    with db.read() as connection:
        rows = connection.execute(text("SELECT at, step.code FROM journal_entry JOIN step ON step.id = step_id WHERE account_id > 0")).all()
    local = [(at_local(DAY, 0).fromisoformat(f"{row.at}+00:00") + timedelta(hours=7), row.code) for row in rows]
    assert local and all(8 <= at.hour < 17 for at, _ in local)
    assert all(at.weekday() < 5 for at, code in local if code != "to-chuc")


def test_a_story_overrules_the_dice(db: Database):
    submitted = Turn(submit_on=date(2024, 3, 5), decide_on=date(2024, 3, 8))
    turns = {(*WORKFLOW, "gop-y", f"huyen-{n:02}"): submitted if n > 1 else Turn(submit_on=FAR) for n in range(1, 5)}
    replay(
        db, festival(4), seed=1, until=at_local(date(2024, 4, 1), 9), calendar=CALENDAR, staging=Staging(Story(turns))
    )  # fmt: skip
    assert statuses(db, "gop-y") == {"huyen-01": "in-progress", "huyen-02": "done", "huyen-03": "done", "huyen-04": "done"}


def test_mail_of_the_past_counts_as_sent_and_none_is_left_behind(db: Database):
    lived(db, post=mail())
    with db.read() as connection:
        states = {row.state: row.n for row in connection.execute(text("SELECT state, count(*) AS n FROM message GROUP BY state"))}
        waiting = connection.execute(
            text("SELECT count(*) FROM notice WHERE state = 'pending' AND business_at < '2024-09-13'")
        ).scalar_one()
    assert set(states) == {"sent"} and states["sent"] > 50
    assert waiting == 0
