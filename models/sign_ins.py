"""Statements for browser sessions: opening, listing and ending them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, not_, or_, select, update

from models.tables import sign_in


def add(connection: Connection, values: dict[str, Any]) -> None:
    """A session begins."""
    connection.execute(insert(sign_in).values(values))


def of_account(connection: Connection, account_id: int) -> Sequence[Row[Any]]:
    """Every session of an account, the latest used first."""
    query = select(sign_in).where(sign_in.c.account_id == account_id)
    return connection.execute(query.order_by(sign_in.c.seen_at.desc(), sign_in.c.created_at.desc())).all()


def seen(connection: Connection, token_hash: str, at: datetime) -> None:
    """A session was used."""
    connection.execute(update(sign_in).where(sign_in.c.token_hash == token_hash).values(seen_at=at))


def prove(connection: Connection, token_hash: str) -> None:
    """The session's person has given the second factor."""
    connection.execute(update(sign_in).where(sign_in.c.token_hash == token_hash).values(strong=True))


def proved(connection: Connection, token_hash: str, at: datetime) -> None:
    """The session's person has shown who they are once more."""
    connection.execute(update(sign_in).where(sign_in.c.token_hash == token_hash).values(proved_at=at))


def stand_in(connection: Connection, token_hash: str, deputy_id: int | None) -> None:
    """The session acts as this deputy from now on, None: for its own person."""
    connection.execute(update(sign_in).where(sign_in.c.token_hash == token_hash).values(deputy_id=deputy_id))


def end(connection: Connection, token_hashes: Sequence[str]) -> None:
    """These sessions are over; some of them may be already."""
    connection.execute(delete(sign_in).where(sign_in.c.token_hash.in_(token_hashes)))


def end_of_account(connection: Connection, account_id: int, *, but: str = "") -> int:
    """Every session of an account is over, but the one with this hash; how many there were."""
    return connection.execute(delete(sign_in).where(sign_in.c.account_id == account_id, sign_in.c.token_hash != but)).rowcount


def sweep(connection: Connection, *, idle: datetime, longest: datetime, trusted: datetime) -> None:
    """Forget sessions that ended by themselves: last used before ``idle`` or begun before ``longest``, those on trusted phones before
    ``trusted``."""
    ordinary = and_(not_(sign_in.c.trusted), or_(sign_in.c.seen_at < idle, sign_in.c.created_at < longest))
    connection.execute(delete(sign_in).where(or_(ordinary, and_(sign_in.c.trusted, sign_in.c.created_at < trusted))))
