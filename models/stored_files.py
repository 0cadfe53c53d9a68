"""Which stored files rows speak of."""

from __future__ import annotations

from sqlalchemy import Connection, select

from models.tables import attachment


def wanted(connection: Connection) -> dict[str, int]:
    """sha256 → size of every file that a row speaks of and that was not purged."""
    rows = connection.execute(select(attachment.c.sha256, attachment.c.size).where(attachment.c.purged_at.is_(None)).distinct())
    return {row.sha256: row.size for row in rows}


def is_wanted(connection: Connection, sha256: str) -> bool:
    """Whether a row speaks of the file."""
    query = select(attachment.c.id).where(attachment.c.sha256 == sha256, attachment.c.purged_at.is_(None)).limit(1)
    return connection.execute(query).first() is not None
