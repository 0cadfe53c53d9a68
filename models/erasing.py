"""Statements that take a person out of the database and leave the pseudonymous account id behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from models.tables import (
    account,
    api_token,
    delivery,
    feed,
    identity,
    journal_entry,
    membership,
    message,
    password_link,
    preference,
    recovery_code,
    second_factor,
    sign_in,
    sign_in_challenge,
)

OWNED = (membership, sign_in, preference, feed, api_token, password_link, second_factor, recovery_code, sign_in_challenge, identity)
WRITTEN = journal_entry.c.text.is_not(None)


def person(connection: Connection, login: str) -> RowMapping | None:
    """id, login, name, roles and active of an account, locked; None if there is none."""
    columns = (account.c.id, account.c.login, account.c.name, account.c.roles, account.c.active)
    return connection.execute(select(*columns).where(account.c.login == login).with_for_update()).mappings().one_or_none()


def administrators(connection: Connection) -> list[int]:
    """The active accounts that administer."""
    rows = connection.execute(select(account.c.id, account.c.roles).where(account.c.active))
    return [row.id for row in rows if "administrator" in row.roles]


def texts_of(connection: Connection, account_id: int) -> int:
    """How many free texts of the journal the account wrote."""
    query = select(func.count()).select_from(journal_entry).where(journal_entry.c.account_id == account_id, WRITTEN)
    return int(connection.execute(query).scalar_one())


def forget_texts(connection: Connection, account_id: int) -> None:
    """Take away those texts with their salts; their hashes stay in the entries."""
    mine = update(journal_entry).where(journal_entry.c.account_id == account_id, WRITTEN)
    connection.execute(mine.values(text=None, salt=None))


def forget_account(connection: Connection, account_id: int, blank: dict[str, Any]) -> None:
    """Replace what says who it was by ``blank``, and delete what was the person's own."""
    for table in OWNED:
        connection.execute(delete(table).where(table.c.account_id == account_id))
    connection.execute(update(account).where(account.c.id == account_id).values(blank))
    sent = select(message.c.id).where(message.c.account_id == account_id)
    connection.execute(update(delivery).where(delivery.c.message_id.in_(sent)).values(detail=""))


def messages_naming(connection: Connection, account_id: int, name: str) -> Sequence[Any]:
    """id, account_id and data of the messages to the account, and of those that may quote it by ``name``."""
    every = select(message.c.id, message.c.account_id, message.c.data).order_by(message.c.id)
    return [row for row in connection.execute(every) if row.account_id == account_id or _names(row.data, name)]


def rewrite_message(connection: Connection, message_id: int, values: dict[str, Any]) -> None:
    """Store ``values`` of a message again."""
    connection.execute(update(message).where(message.c.id == message_id).values(values))


def _names(data: Any, name: str) -> bool:
    return any(name in (item.get("by"), item.get("handler")) for item in data.get("items", ()))
