"""The outbox page's reading of messages, and its one change: sending once more by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, or_, select, update

from models.tables import account, message, message_notice

LINE = tuple(
    message.c[name] for name in ("id", "kind", "address", "subject", "state", "reason", "attempts", "message_id", "business_at", "sent_at")
)
_LEFT_OUT = (
    select(func.count())
    .select_from(message_notice)
    .where(message_notice.c.message_id == message.c.id, message_notice.c.state == "cancelled")
    .scalar_subquery()
)


def messages(connection: Connection, states: Sequence[str], to: str, offset: int, limit: int) -> list[RowMapping]:
    """Messages with their reader's name, newest first. ``to``: part of the name or the address.

    ``left_out``: how many of the things that a message was to say need not be said any more.
    """
    query = (
        select(*LINE, account.c.name, _LEFT_OUT.label("left_out"))
        .join(account, account.c.id == message.c.account_id)
        .order_by(message.c.id.desc())
    )
    query = query.where(message.c.state.in_(states)) if states else query
    if to:
        query = query.where(or_(account.c.name.icontains(to, autoescape=True), message.c.address.icontains(to, autoescape=True)))
    return list(connection.execute(query.offset(offset).limit(limit)).mappings())


def by_state(connection: Connection) -> dict[str, int]:
    """How many messages stand in each state."""
    return {
        row.state: row.number for row in connection.execute(select(message.c.state, func.count().label("number")).group_by(message.c.state))
    }


def message_by_id(connection: Connection, message_id: int) -> RowMapping | None:
    """One message."""
    return connection.execute(select(message).where(message.c.id == message_id)).mappings().one_or_none()


def send_again(connection: Connection, message_id: int, states: Sequence[str], at: datetime) -> bool:
    """``states`` -> pending, its attempts forgotten; whether it stood in one of them."""
    changed = update(message).where(message.c.id == message_id, message.c.state.in_(states))
    return connection.execute(changed.values(state="pending", reason="by-hand", attempts=0, lost=0, next_try_at=at)).rowcount == 1
