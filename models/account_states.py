"""Statements for accounts as a whole: every one of them, switched off ones too; switching one off and on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from models import api_tokens, feeds, linking, sign_ins
from models.tables import account, membership


def every(connection: Connection) -> Sequence[Row[Any]]:
    """Every account that was not erased, one row per membership, those who can sign in first, by name."""
    columns = (
        account.c.id, account.c.login, account.c.name, account.c.title, account.c.address, account.c.roles, account.c.active,
        account.c.left_on, account.c.password_hash, membership.c.unit, membership.c.role,
    )  # fmt: skip
    joined = account.outerjoin(membership, membership.c.account_id == account.c.id)
    query = select(*columns).select_from(joined).where(account.c.login.not_like("erased-%"))
    return connection.execute(query.order_by(account.c.active.desc(), account.c.name, account.c.id, membership.c.unit)).all()


def one(connection: Connection, account_id: int) -> Row[Any] | None:
    """An account that was not erased."""
    query = select(account).where(account.c.id == account_id, account.c.login.not_like("erased-%"))
    return connection.execute(query).one_or_none()


def switch_off(connection: Connection, account_id: int, at: datetime) -> None:
    """The account cannot be used: its sessions, API tokens, feed and password links are over at ``at`` (system time)."""
    connection.execute(update(account).where(account.c.id == account_id).values(active=False))
    sign_ins.end_of_account(connection, account_id)
    api_tokens.end_all(connection, account_id, at)
    feeds.drop(connection, account_id)
    linking.end_of_account(connection, account_id)


def switch_on(connection: Connection, account_id: int) -> None:
    """The account can be used again; whoever has it signs in anew."""
    connection.execute(update(account).where(account.c.id == account_id).values(active=True))
