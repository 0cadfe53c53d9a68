"""Many do the same thing at once against real web processes; 32 clients 300 times: `python -m tests.reliability.rush`."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.database import Database, sqlite_url
from tests.databases import postgres_database
from tests.reliability.rush import run

CLIENTS, TIMES = 8, 9
ONCE = {"submit": {"409 × 7, done × 1": 3}, "approve": {"409 × 7, done × 1": 3}, "comment": {"done × 1, the same answer × 7": 3}}


def test_exactly_one_wins_on_sqlite(tmp_path: Path) -> None:
    db = Database(sqlite_url(tmp_path / "dondoc.sqlite"), durable=False)
    try:
        report = run(db, tmp_path, "sqlite", clients=CLIENTS, times=TIMES)
    finally:
        db.close()
    assert (report.faults, report.ended) == ([], ONCE)


@pytest.mark.postgres
def test_exactly_one_wins_on_postgres_behind_two_web_processes(postgres_url: str, tmp_path: Path) -> None:
    with postgres_database(postgres_url, empty=True) as db:
        report = run(db, tmp_path, "postgres", clients=CLIENTS, times=TIMES)
    assert (report.faults, report.ended) == ([], ONCE)
