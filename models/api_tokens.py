"""API tokens: who acts by which, listing, ending. Instants are system time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from models.reading.accounts import ACCOUNT, MEMBERSHIP, works
from models.tables import account, api_token, journal_entry, membership

LINE = (
    api_token.c.id, api_token.c.account_id, api_token.c.name, api_token.c.scopes, api_token.c.created_at, api_token.c.expires_at,
    api_token.c.seen_on,
)  # fmt: skip
LIVING = api_token.c.ended_at.is_(None)
BY_TOKEN = api_token.c.id == journal_entry.c.body["token"].as_integer()  # an entry's own; what people did themselves names none


def bearer(connection: Connection, token_hash: str, at: datetime, today: date) -> Sequence[Row[Any]]:
    """The account that acts by this token ``at``, one row per membership, with the token's own number, scopes and last day.

    Empty for a token that is unknown, ended or expired, and if its person works here no more on ``today``: one query, one answer.
    """
    joined = api_token.join(account, account.c.id == api_token.c.account_id).outerjoin(membership, membership.c.account_id == account.c.id)
    own = (api_token.c.id.label("token_id"), api_token.c.scopes, api_token.c.seen_on)
    statement: Select[Any] = select(*ACCOUNT, *MEMBERSHIP, *own).select_from(joined)
    good = (api_token.c.token_hash == token_hash, LIVING, api_token.c.expires_at > at, works(today))
    return connection.execute(statement.where(*good)).all()


def seen(connection: Connection, token_id: int, day: date) -> None:
    """The token was used on ``day``."""
    connection.execute(update(api_token).where(api_token.c.id == token_id).values(seen_on=day))


def add(connection: Connection, values: dict[str, Any]) -> int:
    """Store a token; its number."""
    return int(connection.execute(insert(api_token).values(values).returning(api_token.c.id)).scalar_one())


def listed(connection: Connection, account_id: int | None = None) -> Sequence[Row[Any]]:
    """Tokens that nobody ended, expired ones included, newest first, with their account's sign-in name; of every account for None."""
    query = select(*LINE, account.c.login).join(account, account.c.id == api_token.c.account_id).where(LIVING)
    query = query if account_id is None else query.where(api_token.c.account_id == account_id)
    return connection.execute(query.order_by(api_token.c.id.desc())).all()


def end(connection: Connection, token_id: int, at: datetime) -> None:
    """The token is worth nothing from now on."""
    connection.execute(update(api_token).where(api_token.c.id == token_id, LIVING).values(ended_at=at))


def end_all(connection: Connection, account_id: int, at: datetime) -> None:
    """Every token of the account is worth nothing from now on: it was disabled, left, handed over, or has another password."""
    connection.execute(update(api_token).where(api_token.c.account_id == account_id, LIVING).values(ended_at=at))
