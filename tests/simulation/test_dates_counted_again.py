"""Dates of a plan that was lived through, counted again: the same under the same calendar, there and back under another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.access import SYSTEM
from engine.calendar import WorkCalendar
from engine.calendar_change import Move
from engine.definition import CalendarOverride
from engine.instants import Now, at_local
from engine.statuses import UNFINISHED
from models.database import Database
from models.tables import step
from services.calendar_moves import every_recount
from services.calendar_settle import settle
from services.invariants import Checker
from services.working_days import add_change
from tests.factories import CALENDAR
from tests.simulation.small import fresh, lived

DAYS = [date(2024, 6, 24), date(2024, 7, 29), date(2024, 9, 2)]
OTHER = CALENDAR.with_overrides(
    [CalendarOverride(date(2024, 7, day), False, "") for day in (1, 2, 30, 31)]
    + [CalendarOverride(date(2024, month, day), True, "") for month, day in ((6, 22), (6, 29), (7, 27), (8, 31))]
    + [CalendarOverride(date(2024, 9, day), False, "") for day in (2, 3)]
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    found = fresh(tmp_path)
    yield found
    found.close()


def moves(db: Database, calendar: WorkCalendar, now: Now) -> list[Move]:
    """What ``calendar`` would move."""
    with db.read() as connection:
        return [move for found in every_recount(connection, calendar, now) for move in found.recount.moves]


def dates(db: Database) -> dict[int, tuple[date | None, date | None]]:
    """Both dates of every unfinished step."""
    query = select(step.c.id, step.c.due_on, step.c.approval_due_on).where(step.c.status.in_(sorted(UNFINISHED)))
    with db.read() as connection:
        return {row.id: (row.due_on, row.approval_due_on) for row in connection.execute(query)}


def change(db: Database, calendar: WorkCalendar, at: datetime, key: str) -> int:
    """Let ``calendar`` be the one in force; how many dates move."""
    now = Now(at, at)
    with db.write() as connection:
        add_change(connection, key, "recorded", "thử", [], now, SYSTEM)
    return settle(db, now=now, calendar=calendar)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("seed", [3, 11, 29])
def test_under_its_own_calendar_nothing_moves(db: Database, seed: int, day: date) -> None:
    until = at_local(day, 9)
    lived(db, seed=seed, until=until)
    assert len(dates(db)) > 3
    assert moves(db, CALENDAR, Now(until, until)) == []


@pytest.mark.parametrize("day", DAYS)
def test_another_calendar_and_back_again(db: Database, day: date) -> None:
    until = at_local(day, 9)
    lived(db, seed=5, until=until)
    before, expected = dates(db), moves(db, OTHER, Now(until, until))
    assert change(db, OTHER, until, "there") == len(expected) > 0
    assert {m.step_id for m in expected} == {id_ for id_, there in dates(db).items() if there != before[id_]}
    assert moves(db, OTHER, Now(until, until)) == []
    assert change(db, CALENDAR, until, "back") == len(expected)
    assert dates(db) == before
    assert not Checker(db, CALENDAR).check(until, full=True, stuck=False)
