"""Inboxes: notices that were not posted yet, entries for accounts, and what was read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, false, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.chunks import chunks
from models.notices import PENDING, UNREAD
from models.tables import inbox_entry, notice

UNPOSTED = and_(PENDING, notice.c.posted == false())  # what has left the pending ones was posted on the way
_SPOKEN_FOR = (
    update(inbox_entry)
    .where(
        inbox_entry.c.account_id == bindparam("account"),
        inbox_entry.c.about == bindparam("of"),
        inbox_entry.c.notice_id < bindparam("newer"),
        UNREAD,
    )
    .values(read_at=bindparam("at"))
)


def any_unposted(connection: Connection) -> bool:
    """Whether a notice waits to be posted."""
    return connection.execute(select(notice.c.id).where(UNPOSTED).limit(1)).first() is not None


def unposted(connection: Connection, limit: int) -> list[RowMapping]:
    """The oldest notices that wait to be posted."""
    return list(connection.execute(select(notice).where(UNPOSTED).order_by(notice.c.id).limit(limit)).mappings())


def post(connection: Connection, rows: list[dict[str, Any]], notice_ids: Iterable[int]) -> None:
    """Insert entries, those that exist stay; what is unread and older about the same counts as read; the notices are posted."""
    if rows:
        made = postgresql_insert(inbox_entry) if connection.dialect.name == "postgresql" else sqlite_insert(inbox_entry)
        connection.execute(made.on_conflict_do_nothing(), rows)
        newer = [{"account": r["account_id"], "of": r["about"], "newer": r["notice_id"], "at": r["posted_at"]} for r in rows if r["about"]]
        if newer:
            connection.execute(_SPOKEN_FOR, newer)
    for ids in chunks(notice_ids):
        connection.execute(update(notice).where(notice.c.id.in_(ids)).values(posted=True))


def mark_read(connection: Connection, account_id: int, at: datetime, notice_ids: Iterable[int] | None = None) -> int:
    """Unread entries of an account count as read from ``at``: those of ``notice_ids``, None for all. How many."""
    changed = update(inbox_entry).where(inbox_entry.c.account_id == account_id, UNREAD)
    if notice_ids is not None:
        changed = changed.where(inbox_entry.c.notice_id.in_(list(notice_ids)))
    return int(connection.execute(changed.values(read_at=at)).rowcount)


def mark_all_read(connection: Connection, at: datetime) -> None:
    """Every unread entry of everybody counts as read from ``at``."""
    connection.execute(update(inbox_entry).where(UNREAD).values(read_at=at))
