"""Statements for password links: giving one, finding whom it is for, using it up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from models.reading.accounts import works
from models.tables import account, password_link


def add(connection: Connection, values: dict[str, Any]) -> None:
    """Keep a link. Expired ones are forgotten."""
    connection.execute(delete(password_link).where(password_link.c.expires_at <= values["created_at"]))
    connection.execute(insert(password_link).values(values))


def end_of_account(connection: Connection, account_id: int) -> None:
    """No link of the account opens anything any more."""
    connection.execute(delete(password_link).where(password_link.c.account_id == account_id))


def use(connection: Connection, token_hash: str) -> bool:
    """Use a link up; whether it was still there. Of two at once only one is told so."""
    return connection.execute(delete(password_link).where(password_link.c.token_hash == token_hash)).rowcount == 1


def found(connection: Connection, token_hash: str, at: datetime, today: date) -> Row[Any] | None:
    """(account_id, kind, login, name) of a link that still opens, of somebody who works here on ``today``."""
    joined = password_link.join(account, account.c.id == password_link.c.account_id)
    columns = (password_link.c.account_id, password_link.c.kind, account.c.login, account.c.name)
    where = (password_link.c.token_hash == token_hash, password_link.c.expires_at > at, works(today))
    return connection.execute(select(*columns).select_from(joined).where(*where)).one_or_none()


def latest(connection: Connection, account_id: int, kind: str) -> datetime | None:
    """When the account last got a link of this kind that has been neither used nor replaced."""
    query = select(func.max(password_link.c.created_at)).where(password_link.c.account_id == account_id, password_link.c.kind == kind)
    found: datetime | None = connection.execute(query).scalar_one()
    return found


def open_ones(connection: Connection, hashes: Collection[str], at: datetime) -> set[str]:
    """Which of the links with these hashes still open."""
    query = select(password_link.c.token_hash).where(password_link.c.token_hash.in_(sorted(hashes)), password_link.c.expires_at > at)
    return set(connection.execute(query).scalars())


def invitations(connection: Connection) -> dict[int, datetime]:
    """When the invitation of each account expires."""
    rows = connection.execute(select(password_link.c.account_id, password_link.c.expires_at).where(password_link.c.kind == "invitation"))
    return {row.account_id: row.expires_at for row in rows}


def meant(connection: Connection, who: str, today: date) -> Sequence[Row[Any]]:
    """(id, login, name, address, language) of those who sign in as ``who`` or have that mail address, by a password."""
    columns = (account.c.id, account.c.login, account.c.name, account.c.address, account.c.language)
    named = (account.c.login == who) | (func.lower(account.c.address) == who.lower())
    query = select(*columns).where(named, works(today), account.c.password_hash != "", account.c.address != "")
    return connection.execute(query.order_by(account.c.id).limit(10)).all()
