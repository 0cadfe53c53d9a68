"""Counting what a database is asked to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from models.database import Database


@dataclass
class Counted:
    """Statements (transaction control left out) and commits."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counted(db: Database) -> Iterator[Counted]:
    """Count the statements and commits of the writing connections while the block runs."""
    found = Counted()

    def statement(_: Any, __: Any, text: str, *___: Any) -> None:
        if not text.startswith("BEGIN"):
            found.statements.append(text)

    def commit(_: Any) -> None:
        found.commits += 1

    event.listen(db.engine, "before_cursor_execute", statement)
    event.listen(db.engine, "commit", commit)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", statement)
        event.remove(db.engine, "commit", commit)
