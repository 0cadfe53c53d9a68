"""Copies of the whole database as of one moment, while others go on writing; and putting such a copy back.

SQLite: one file, by its backup API, inside a reading transaction, so that writers neither wait nor make it start again. PostgreSQL: one
file a table, by COPY in one REPEATABLE READ transaction, so that no program of another version is needed beside ours.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, func, inspect, select, text
from sqlalchemy.pool import NullPool

from models.database import Database
from models.stored_files import wanted
from models.tables import journal_entry

PAGES = 4096  # at once: 16 MB
SQLITE_FILE = "database.sqlite"
VERSION = "alembic_version"
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds. ``attachments``: sha256 → size of every file that its rows speak of and that was not purged.

    ``columns``: of each table, on PostgreSQL."""

    backend: str
    schema: str
    entries: int
    files: tuple[Path, ...]
    attachments: dict[str, int]
    columns: dict[str, list[str]] = field(default_factory=dict)


def copy_out(db: Database, folder: Path, on_progress: Progress) -> Copied:
    """Write the database as it is now into ``folder``."""
    if db.file is not None:
        return _sqlite_out(db.file, folder / SQLITE_FILE, on_progress)
    return _postgres_out(db, folder, on_progress)


def _sqlite_out(source: Path, target: Path, on_progress: Progress) -> Copied:
    with closing(sqlite3.connect(source, isolation_level=None)) as live, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on this connection sees one moment
        live.backup(copy, pages=PAGES, progress=lambda _, left, total: on_progress(1 - left / max(total, 1)))
        copy.execute("PRAGMA journal_mode = DELETE")
    engine = create_engine(f"sqlite:///{target}", poolclass=NullPool)
    with engine.connect() as connection:
        return Copied("sqlite", *_told(connection, (target,)))


def _postgres_out(db: Database, folder: Path, on_progress: Progress) -> Copied:
    files: list[Path] = []
    columns: dict[str, list[str]] = {}
    with db.snapshot() as connection:
        schema, entries, _, attachments = _told(connection, ())
        tables = _tables(connection)
        for number, table in enumerate(tables, 1):
            columns[table] = [column["name"] for column in inspect(connection).get_columns(table)]
            target = folder / f"{table}.copy"
            with target.open("wb") as file, _cursor(connection).copy(_statement(table, columns[table], "TO STDOUT")) as rows:
                for block in rows:
                    file.write(block)
            files.append(target)
            on_progress(number / len(tables))
    return Copied("postgresql", schema, entries, tuple(files), attachments, columns)


def put_back(db: Database, folder: Path, columns: dict[str, list[str]], on_progress: Progress) -> None:
    """Fill the empty tables of a PostgreSQL database, migrated to the copy's schema, and set its sequences. One transaction."""
    with db.write() as connection:
        tables = [table for table in _tables(connection) if table in columns]
        for number, table in enumerate(tables, 1):
            statement = _statement(table, columns[table], "FROM STDIN")
            with (folder / f"{table}.copy").open("rb") as file, _cursor(connection).copy(statement) as rows:
                while block := file.read(1 << 20):
                    rows.write(block)
            _set_sequences(connection, table)
            on_progress(number / len(tables))


def set_aside(db: Database, name: str) -> None:
    """Keep what a PostgreSQL database holds under the schema ``name`` and begin anew."""
    with db.write() as connection:
        connection.execute(text(f'ALTER SCHEMA public RENAME TO "{name}"'))
        connection.execute(text("CREATE SCHEMA public"))


def bring_back(db: Database, name: str) -> None:
    """Undo `set_aside`: what was put in its place goes."""
    with db.write() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text(f'ALTER SCHEMA "{name}" RENAME TO public'))


def is_empty(db: Database) -> bool:
    """Whether the database has no table yet. A SQLite file that is not there is empty."""
    if db.file is not None:
        return not db.file.exists()
    with db.read() as connection:
        return not inspect(connection).get_table_names()


def sound(file: Path) -> bool:
    """Whether SQLite finds nothing wrong in ``file``; what it cannot even read is wrong."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        try:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False


def attachments_of(db: Database) -> dict[str, int]:
    """(sha256 → size) of every file that a row speaks of."""
    with db.read() as connection:
        return wanted(connection)


def _told(connection: Connection, files: tuple[Path, ...]) -> tuple[str, int, tuple[Path, ...], dict[str, int]]:
    schema = str(connection.execute(text(f"SELECT version_num FROM {VERSION}")).scalar_one())  # noqa: S608  (our own constant)
    entries = int(connection.execute(select(func.count()).select_from(journal_entry)).scalar_one())
    return schema, entries, files, wanted(connection)


def _tables(connection: Connection) -> list[str]:
    """Every table but Alembic's own, each after those that it points to."""
    ordered = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in ordered if name is not None and name != VERSION]


def _set_sequences(connection: Connection, table: str) -> None:
    for column in inspect(connection).get_columns(table):
        named = {"t": table, "c": column["name"]}
        if connection.execute(text("SELECT pg_get_serial_sequence(:t, :c)"), named).scalar_one() is not None:
            newest = f'(SELECT coalesce(max("{column["name"]}"), 0) + 1 FROM "{table}")'  # noqa: S608  (names that the database gave)
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence(:t, :c), {newest}, false)"), named)


def _statement(table: str, columns: list[str], way: str) -> str:
    return f'COPY "{table}" ({", ".join(chr(34) + c + chr(34) for c in columns)}) {way}'


def _cursor(connection: Connection) -> Any:
    """psycopg's own cursor: SQLAlchemy knows no COPY."""
    return connection.connection.cursor()
