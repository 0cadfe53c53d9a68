"""In a play people are away, stood in for, and leave; every invariant holds, and something of each has happened."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.instants import Now, at_local
from models.database import Database
from models.tables import account, deputy, journal_entry
from services.invariants import violations
from simulation import handling, staffing
from simulation.replay import Staging, replay
from tests.factories import CALENDAR, festival
from tests.simulation.small import fresh, mail

DAY = date(2024, 9, 16)


@pytest.fixture(autouse=True)
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """People are away, leave and are named to handle steps much more often than in life."""
    monkeypatch.setattr(staffing, "AWAY", 0.3)
    monkeypatch.setattr(staffing, "LEAVES", 0.01)
    monkeypatch.setattr(handling, "NAMES", 0.3)


def played(folder: Path, name: str) -> Database:
    db = fresh(folder, name)
    staging = Staging(post=mail(), people_change=True)
    replay(db, festival(4), seed=7, until=at_local(DAY, 9), calendar=CALENDAR, staging=staging)
    return db


def test_people_come_and_go_and_everything_holds(tmp_path: Path) -> None:
    db = played(tmp_path, "one")
    with db.read() as connection:
        away = connection.execute(select(func.count()).select_from(deputy)).scalar_one()
        left = connection.execute(select(func.count()).select_from(account).where(account.c.left_on.is_not(None))).scalar_one()
        behalf = connection.execute(
            select(func.count()).select_from(journal_entry).where(journal_entry.c.represented_id.is_not(None))
        ).scalar_one()
        named = connection.execute(
            select(func.count()).select_from(journal_entry).where(journal_entry.c.action == "name-handler")
        ).scalar_one()
    assert away > 5 and left > 1 and behalf > 1 and named > 5
    at = at_local(DAY, 9)
    assert violations(db, now=Now(at, at), calendar=CALENDAR) == []


def test_the_same_seed_gives_the_same_people(tmp_path: Path) -> None:
    rows = []
    for name in ("one", "two"):
        with played(tmp_path, name).read() as connection:
            rows.append(connection.execute(select(account.c.login, account.c.left_on).order_by(account.c.id)).all())
    assert rows[0] == rows[1]
