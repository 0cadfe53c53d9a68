"""Accounts with their memberships, and the browser sessions that stand for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Date, Row, Select, String, and_, bindparam, or_, select

from models.tables import account, membership, sign_in

Rows = Sequence[Row[Any]]

ACCOUNT = (account.c.id, account.c.login, account.c.name, account.c.title, account.c.address, account.c.language, account.c.roles)
MEMBERSHIP = (membership.c.unit, membership.c.role)


def works(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether an account works here on ``today``."""
    return and_(account.c.active, or_(account.c.left_on.is_(None), account.c.left_on > today))


def _with_memberships() -> Select[Any]:
    joined = account.outerjoin(membership, membership.c.account_id == account.c.id)
    return select(*ACCOUNT, *MEMBERSHIP).select_from(joined).where(account.c.active)


def by_token(connection: Connection, token_hash: str, today: date) -> Rows:
    """The account signed in with that token, one row per membership, with the session's own columns; empty if there is none, or if
    its person works here no more on ``today``."""
    return connection.execute(_by_token(), {"token": token_hash, "today": today}).all()


@cache
def _by_token() -> Select[Any]:
    """Made once, since every page asks it."""
    joined = sign_in.join(account, account.c.id == sign_in.c.account_id).outerjoin(membership, membership.c.account_id == account.c.id)
    c = sign_in.c
    session = (c.csrf, c.created_at, c.seen_at, c.trusted, c.strong, c.proved_at, c.deputy_id)
    statement: Select[Any] = select(*ACCOUNT, *MEMBERSHIP, *session).select_from(joined)
    return statement.where(c.token_hash == bindparam("token", type_=String), works(bindparam("today", type_=Date)))


def by_id(connection: Connection, account_id: int) -> Rows:
    """An active account, one row per membership."""
    return connection.execute(_with_memberships().where(account.c.id == account_id).order_by(membership.c.unit)).all()


def everyone(connection: Connection, today: date | None = None) -> Rows:
    """Every active account, one row per membership, in the order in which they were made; of ``today`` if given."""
    query = _with_memberships() if today is None else _with_memberships().where(works(today))
    return connection.execute(query.order_by(account.c.id, membership.c.unit)).all()


def password_of(connection: Connection, login: str, today: date) -> tuple[int, str] | None:
    """(account id, password hash) of an account that works here on ``today``; None if there is none."""
    row = connection.execute(select(account.c.id, account.c.password_hash).where(account.c.login == login, works(today))).one_or_none()
    return None if row is None else (row.id, row.password_hash)


def id_of(connection: Connection, login: str) -> int | None:
    """The number of the active account with that sign-in name."""
    return connection.execute(select(account.c.id).where(account.c.login == login, account.c.active)).scalar_one_or_none()


def names(connection: Connection, account_ids: Sequence[int]) -> dict[int, str]:
    """Names by account id, departed people included: the journal speaks of them too."""
    rows = connection.execute(select(account.c.id, account.c.name).where(account.c.id.in_(account_ids)))
    return {row.id: row.name for row in rows}
