"""Statements that read the whole journal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from models.tables import journal_entry, journal_stream, workflow


def ends(connection: Connection) -> dict[str, tuple[int, str]]:
    """(seq, head) that the owner of each stream says is its end."""
    workflows = connection.execute(select(workflow.c.id, workflow.c.seq, workflow.c.head).order_by(workflow.c.id))
    found = {f"workflow:{row.id}": (row.seq, row.head) for row in workflows}
    others = connection.execute(select(journal_stream).order_by(journal_stream.c.name))
    return found | {row.name: (row.seq, row.head) for row in others}


def entries_of(connection: Connection, stream: str) -> list[tuple[int, dict[str, Any], str, str | None, str | None]]:
    """(seq, body, hash, text, salt) of a stream's entries in order."""
    e = journal_entry.c
    query = select(e.seq, e.body, e.hash, e.text, e.salt).where(e.stream == stream).order_by(e.seq)
    return [tuple(row) for row in connection.execute(query)]


def unowned(connection: Connection, known: set[str]) -> list[str]:
    """Streams with entries that belong to nothing."""
    return sorted(set(connection.execute(select(journal_entry.c.stream).distinct()).scalars()) - known)
