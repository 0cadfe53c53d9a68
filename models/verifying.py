"""Statements that read the whole journal."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, String, cast, literal, select, union_all

from models.tables import journal_entry, journal_stream, workflow


def ends(connection: Connection) -> dict[str, tuple[int, str]]:
    """(seq, head) that the owner of each stream says is its end: one statement, so that all are of one moment."""
    name = (literal("workflow:") + cast(workflow.c.id, String)).label("name")
    of_workflows = select(name, workflow.c.seq, workflow.c.head)
    others = select(journal_stream.c.name, journal_stream.c.seq, journal_stream.c.head)
    return {row.name: (row.seq, row.head) for row in connection.execute(union_all(of_workflows, others))}


def entries_of(connection: Connection, stream: str) -> list[tuple[int, dict[str, Any], str, str | None, str | None]]:
    """(seq, body, hash, text, salt) of a stream's entries in order."""
    e = journal_entry.c
    query = select(e.seq, e.body, e.hash, e.text, e.salt).where(e.stream == stream).order_by(e.seq)
    return [tuple(row) for row in connection.execute(query)]


def rows_of(connection: Connection, stream: str) -> list[Row[Any]]:
    """A stream's entries in order, with the columns that repeat what stands in their bodies."""
    return list(connection.execute(select(journal_entry).where(journal_entry.c.stream == stream).order_by(journal_entry.c.seq)))


def unowned(connection: Connection, known: set[str]) -> list[str]:
    """Streams with entries that belong to nothing."""
    return sorted(set(connection.execute(select(journal_entry.c.stream).distinct()).scalars()) - known)
