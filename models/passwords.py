"""Statements for passwords; only their hashes ever come here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select, update

from models.tables import account


def of_account(connection: Connection, account_id: int) -> Row[Any] | None:
    """(login, name, password_hash) of an active account."""
    query = select(account.c.login, account.c.name, account.c.password_hash).where(account.c.id == account_id, account.c.active)
    return connection.execute(query).one_or_none()


def put(connection: Connection, account_id: int, password_hash: str) -> None:
    """The account has this password from now on."""
    connection.execute(update(account).where(account.c.id == account_id).values(password_hash=password_hash))


def replace(connection: Connection, account_id: int, old: str, new: str) -> None:
    """The same password under another hash, unless it was changed meanwhile."""
    same = (account.c.id == account_id, account.c.password_hash == old)
    connection.execute(update(account).where(*same).values(password_hash=new))
