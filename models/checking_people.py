"""What the checks of people read: who was told after having left, and every deputy there was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from models.tables import account, deputy, inbox_entry, message


def told_after_leaving(connection: Connection) -> list[Row[Any]]:
    """(account, left_on, at) of every message and inbox entry of somebody with a last day."""
    found: list[Row[Any]] = []
    for table, at in ((message, message.c.business_at), (inbox_entry, inbox_entry.c.posted_at)):
        query = select(account.c.id, account.c.left_on, at.label("at")).join(table, table.c.account_id == account.c.id)
        found += connection.execute(query.where(account.c.left_on.is_not(None))).all()
    return found


def deputies(connection: Connection) -> Sequence[Row[Any]]:
    """Every deputy there ever was."""
    return connection.execute(select(deputy).order_by(deputy.c.id)).all()
