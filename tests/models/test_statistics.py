"""What SQLite knows of its tables reaches the connections that stand open."""

from __future__ import annotations

from pathlib import Path

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


def test_a_reader_that_stands_open_sees_what_is_gathered_each_time(tmp_path: Path) -> None:
    db = Database(sqlite_url(tmp_path / "few.sqlite3"), durable=False)
    elsewhere = Database(sqlite_url(tmp_path / "few.sqlite3"), durable=False)
    with db.write() as connection:
        for statement in TABLE:
            connection.exec_driver_sql(statement)
    elsewhere.gather_statistics()
    assert "by_same" in way(db, "empty")
    with db.write() as connection:
        connection.exec_driver_sql(GROWN)
    elsewhere.gather_statistics()
    assert "by_own" in way(db, "grown")
    elsewhere.close()
    db.close()
