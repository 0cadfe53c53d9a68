"""What accounts chose about their mail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from models.tables import account, preference


def read(connection: Connection, account_id: int) -> Row[Any] | None:
    """language, mail, open_from and open_to of an account; the last three None where nothing was chosen."""
    columns = (account.c.language, preference.c.mail, preference.c.open_from, preference.c.open_to)
    query = select(*columns).outerjoin(preference, preference.c.account_id == account.c.id)
    return connection.execute(query.where(account.c.id == account_id)).one_or_none()


def write(connection: Connection, account_id: int, language: str, mail: dict[str, str], hours: tuple[int | None, int | None]) -> None:
    """The account's choices from now on. ``hours``: minutes of the local day."""
    connection.execute(account.update().where(account.c.id == account_id).values(language=language))
    connection.execute(delete(preference).where(preference.c.account_id == account_id))
    values = {"account_id": account_id, "mail": mail, "open_from": hours[0], "open_to": hours[1]}
    connection.execute(insert(preference).values(values))
