"""Whether somebody still needs to be told what the first page is for: until they say that they know, or have acted once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, exists, select, update

from models.journal import KEYED
from models.tables import account, journal_entry


def is_new(connection: Connection, account_id: int) -> bool:
    """Whether the account has neither put the introduction away nor done anything yet."""
    acted = exists().where(journal_entry.c.account_id == account_id, KEYED)  # what a page or a program sends carries a key
    query = select(account.c.id).where(account.c.id == account_id, account.c.introduced_on.is_(None), ~acted)
    return connection.execute(query).first() is not None


def put_away(connection: Connection, account_id: int, today: date) -> None:
    """The account needs no introduction from ``today`` on; the first day stays."""
    mine = (account.c.id == account_id, account.c.introduced_on.is_(None))
    connection.execute(update(account).where(*mine).values(introduced_on=today))


def put_away_for_who_acted(connection: Connection, today: date) -> None:
    """Everybody who stands in the journal needs no introduction from ``today`` on, whatever they acted with."""
    acted = account.c.id.in_(select(journal_entry.c.account_id).distinct())
    connection.execute(update(account).where(account.c.introduced_on.is_(None), acted).values(introduced_on=today))
