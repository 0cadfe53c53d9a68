"""Fresh databases of both kinds, for as long as a measurement needs them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from models.database import Database
from tests.databases import postgres_database, postgres_server, sqlite_database

Fresh = Callable[[], AbstractContextManager[Database]]


@contextmanager
def kinds(names: tuple[str, ...]) -> Iterator[dict[str, Fresh]]:
    """A way to make a fresh database for each of ``names`` ("sqlite", "postgresql"); PostgreSQL's server runs as long as the block."""
    with ExitStack() as stack:
        found: dict[str, Fresh] = {}
        if "sqlite" in names:
            found["sqlite"] = _sqlite
        if "postgresql" in names:
            url = stack.enter_context(postgres_server())
            found["postgresql"] = lambda: postgres_database(url)
        yield found


@contextmanager
def _sqlite() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder, sqlite_database(Path(folder)) as db:
        yield db
