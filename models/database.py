"""Connections: one way to read, one way to write, the same on SQLite and PostgreSQL.

On SQLite a writer says BEGIN IMMEDIATE itself (the driver would begin too late) behind a first-come, first-served lock, because
SQLite's own waiting is unfair; readers are ``query_only``. On PostgreSQL writers are ordinary READ COMMITTED transactions; readers see just
what they would see in one, each statement what is committed by then, and are spared its BEGIN and ROLLBACK: two of every three round trips
where a page reads one thing. They share the writers' connections: each is read-only by itself, and a writer's BEGIN says READ WRITE.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, OperationalError

from engine.definition import Text
from engine.errors import Invalid, StorageFull

NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
# A row of statistics begins with how many rows its index has: of a table's indexes, the largest tells.
_FORGET_SMALL = """DELETE FROM sqlite_stat1 WHERE tbl IN
    (SELECT tbl FROM sqlite_stat1 GROUP BY tbl HAVING max(CAST(stat AS INTEGER)) < 100)"""
DISK_FULL = "53100"  # PostgreSQL's; by its number, so that a process on SQLite does not carry PostgreSQL's driver


class FairLock:
    """A mutex that is granted in the order in which it was asked for."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._held = False

    def __enter__(self) -> None:
        with self._mutex:
            if not self._held and not self._queue:
                self._held = True
                return
            turn = threading.Event()
            self._queue.append(turn)
        turn.wait()

    def __exit__(self, *_: object) -> None:
        with self._mutex:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._held = False


class Database:
    """The application's database. ``url`` is a SQLAlchemy URL of SQLite or PostgreSQL (psycopg 3).

    ``durable`` off: a SQLite file that is thrown away if its making fails, so nothing waits for the disk.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite:
            self._writer = _sqlite_engine(url, write=True, durable=durable)
            self._reader = _sqlite_engine(url, write=False, durable=durable)
            self._lock: FairLock | None = FairLock()
        else:
            self._writer = _postgres_engine(url)
            self._reader = self._writer.execution_options(isolation_level="AUTOCOMMIT")
            self._lock = None

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and for tests that count statements."""
        return self._writer

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(self.url.database) if self.sqlite and self.url.database else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, rolled back when it raises. No network call belongs inside.

        Raises `engine.errors.StorageFull` where the disk has no room for it.
        """
        try:
            with self._lock or nullcontext(), self._writer.begin() as connection:
                yield connection
        except OperationalError as problem:
            if is_full(problem):
                raise StorageFull() from problem
            raise
        except DataError as problem:
            raise as_ours(problem) from problem

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for a few statements that only read, given back when the block ends. The database refuses anything else."""
        try:
            with self._reader.connect() as connection:
                yield connection
        except DataError as problem:
            raise as_ours(problem) from problem

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A reading transaction in which every query sees the same state, for checks that compare tables."""
        with self._reader.connect() as connection:
            if not self.sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    def gather_statistics(self) -> None:
        """Let SQLite see how its tables have grown: it would look through every step of a plan for a few. PostgreSQL does that itself.

        A connection reads statistics with the schema, and once: those that stand open, in whatever process, look again because the table
        that holds them is made anew. What few rows told is left out: SQLite would go on without an index where a day makes thousands.
        """
        if self.sqlite:
            with self.write() as connection:
                for statement in ("DROP TABLE IF EXISTS sqlite_stat1", "ANALYZE", _FORGET_SMALL, "ANALYZE sqlite_schema"):
                    connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Give every connection back."""
        self._writer.dispose()
        self._reader.dispose()


def as_ours(problem: DataError) -> Exception:
    """The error for a NUL in a text, which PostgreSQL cannot hold; any other is ``problem`` itself."""
    if "NUL" not in str(problem.orig):
        return problem
    return Invalid(Text("Có ký tự NUL.", "It holds the character NUL."), code="not-text")


def is_full(problem: OperationalError) -> bool:
    """Whether a database said that its disk is full."""
    return getattr(problem.orig, "sqlstate", None) == DISK_FULL or getattr(problem.orig, "sqlite_errorcode", None) in NO_ROOM


def sqlite_url(path: Path) -> str:
    """The URL of the SQLite file at ``path``."""
    return f"sqlite:///{path}"


def _sqlite_engine(url: str, *, write: bool, durable: bool) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False},
        pool_size=5,
        max_overflow=20,
        query_cache_size=2000,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event below is the only one that opens a transaction
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")  # NORMAL loses acknowledged rows when the power goes
        cursor.execute("PRAGMA foreign_keys = ON")
        if not write:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgres_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=10,
        max_overflow=30,
        pool_pre_ping=False,
        query_cache_size=2000,
        hide_parameters=True,  # what people wrote has no place in an error that is logged
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.read_only = False  # psycopg says so in its BEGIN; where there is none, the session's default counts
        connection.execute("SET default_transaction_read_only = on")
        connection.commit()

    return engine
