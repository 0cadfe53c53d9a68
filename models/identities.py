"""Statements for who people are to the office's identity provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from models.reading.accounts import works
from models.tables import account, identity


def known(connection: Connection, issuer: str, subject: str, today: date) -> Row[Any] | None:
    """(id, works) of the account whose person that is; whether they work here on ``today``."""
    query = select(account.c.id, works(today).label("works")).join(identity, identity.c.account_id == account.c.id)
    return connection.execute(query.where(identity.c.issuer == issuer, identity.c.subject == subject)).one_or_none()


def with_address(connection: Connection, address: str, issuer: str, today: date) -> Sequence[Row[Any]]:
    """(id, name, works, linked) of every account with that mail address, in upper or lower case; whether the provider knows it already."""
    linked = select(identity.c.subject).where(identity.c.account_id == account.c.id, identity.c.issuer == issuer).exists()
    query = select(account.c.id, account.c.name, works(today).label("works"), linked.label("linked"))
    return connection.execute(query.where(func.lower(account.c.address) == address.lower()).order_by(account.c.id)).all()


def add(connection: Connection, values: dict[str, Any]) -> None:
    """That person is that account's from now on."""
    connection.execute(insert(identity).values(values))


def accounts(connection: Connection) -> set[int]:
    """The accounts whose persons sign in by a provider."""
    return set(connection.execute(select(identity.c.account_id)).scalars())


def remove(connection: Connection, account_id: int) -> int:
    """No person of a provider is this account's any more; how many were."""
    return connection.execute(delete(identity).where(identity.c.account_id == account_id)).rowcount
