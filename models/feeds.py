"""Calendar feeds: who reads by which token, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, delete, insert, or_, select

from models.tables import account, feed, step


def put(connection: Connection, account_id: int, token_hash: str, at: datetime) -> None:
    """The account's feed has this token from now on; the one before is gone."""
    drop(connection, account_id)
    connection.execute(insert(feed).values(account_id=account_id, token_hash=token_hash, issued_at=at))


def drop(connection: Connection, account_id: int) -> None:
    """The account has no feed any more."""
    connection.execute(delete(feed).where(feed.c.account_id == account_id))


def issued_at(connection: Connection, account_id: int) -> datetime | None:
    """When the account's feed got its address; None if it has none."""
    return connection.execute(select(feed.c.issued_at).where(feed.c.account_id == account_id)).scalar_one_or_none()


def reader(connection: Connection, token_hash: str, today: date) -> int | None:
    """The account that reads by this token, if it still works here on ``today``."""
    works = (account.c.active, or_(account.c.left_on.is_(None), account.c.left_on > today))
    query = select(account.c.id).join(feed, feed.c.account_id == account.c.id).where(feed.c.token_hash == token_hash, *works)
    return connection.execute(query).scalar_one_or_none()


def marks(connection: Connection, step_ids: Iterable[int]) -> dict[int, RowMapping]:
    """due_version, opened_at and changed_at of steps, by id."""
    query = select(step.c.id, step.c.due_version, step.c.opened_at, step.c.changed_at).where(step.c.id.in_(list(step_ids)))
    return {row["id"]: row for row in connection.execute(query).mappings()}
