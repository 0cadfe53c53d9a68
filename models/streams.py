"""Journal streams that are not a workflow's: a plan's, the office's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.tables import journal_entry, journal_stream


def lock(connection: Connection, name: str) -> tuple[int, str]:
    """Lock the stream ``name`` (made if need be) until the transaction ends; (seq, head) of its last entry."""
    dialect_insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    connection.execute(dialect_insert(journal_stream).values(name=name, seq=0, head="").on_conflict_do_nothing())
    row = connection.execute(select(journal_stream).where(journal_stream.c.name == name).with_for_update()).one()
    return row.seq, row.head


def append(connection: Connection, entry: dict[str, Any]) -> None:
    """Append ``entry`` (made by `services.journaling.entry`) and move the stream's end. The stream is locked."""
    connection.execute(insert(journal_entry), entry)
    connection.execute(update(journal_stream).where(journal_stream.c.name == entry["stream"]).values(seq=entry["seq"], head=entry["hash"]))
