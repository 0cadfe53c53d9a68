"""What SQLite knows of its tables reaches the connections that stand open, and does not mislead where a day makes many of few."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database, sqlite_url

TABLE = (
    "CREATE TABLE thing (id INTEGER PRIMARY KEY, own INTEGER, same INTEGER)",
    "CREATE INDEX by_own ON thing (own)",
    "CREATE INDEX by_same ON thing (same)",
)
GROWN = "INSERT INTO thing (own, same) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, 5 FROM n"
ASKED = "EXPLAIN QUERY PLAN SELECT * FROM thing WHERE own = 1 AND same = 5"


def way(db: Database, when: str) -> str:
    """How the reader's one connection looks for a row. A statement that only explains sees no other schema, kept from before even less."""
    with db.read() as connection:
        connection.exec_driver_sql("SELECT 1 FROM thing").all()
        return str(connection.exec_driver_sql(f"{ASKED} -- {when}").one().detail)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(sqlite_url(tmp_path / "few.sqlite3"), durable=False)
    with made.write() as connection:
        for statement in TABLE:
            connection.exec_driver_sql(statement)
    yield made
    made.close()


def test_a_reader_that_stands_open_sees_what_is_gathered_each_time(db: Database, tmp_path: Path) -> None:
    elsewhere = Database(sqlite_url(tmp_path / "few.sqlite3"), durable=False)
    elsewhere.gather_statistics()
    assert "by_same" in way(db, "empty")
    with db.write() as connection:
        connection.exec_driver_sql(GROWN)
    elsewhere.gather_statistics()
    assert "by_own" in way(db, "grown")
    elsewhere.close()


def test_one_row_tells_nothing_of_the_evening(db: Database) -> None:
    with db.write() as connection:
        connection.exec_driver_sql("INSERT INTO thing (own, same) VALUES (1, 5)")
    db.gather_statistics()
    assert "INDEX" in way(db, "one")
    with db.write() as connection:
        assert "INDEX" in str(connection.exec_driver_sql(f"{ASKED} -- by whoever gathered").one().detail)
