"""API tokens: by what a program acts as an account. Shown once, kept as a hash; system time rules them.

The pages, the API and the command line make, list and end the same tokens. A token dies with its day, when somebody revokes it, and when
its account is disabled, leaves, hands over or gets another password.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from engine.access import Actor
from engine.definition import Text
from engine.errors import InvalidFields, NotFound
from engine.facts import Fact
from engine.instants import Now, local_day
from engine.scopes import Scope, offered, within
from models import api_tokens as sql
from models.database import Database
from services.accounts import Person, gather, person_of
from services.office_journal import lock, note

PREFIX = "dd_"
USUAL_DAYS = 90
LONGEST_NAME = 80
MOST = 20  # living tokens of one account


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as lists show it. ``seen_on``: the local day on which it was last used. ``expired``: its last day is over."""

    id: int
    account_id: int
    login: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    seen_on: date | None
    expired: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A new token. ``secret`` can be read this once."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    expires_at: datetime
    secret: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever a token acts as, within its scopes."""

    token_id: int
    person: Person
    scopes: frozenset[Scope]


def make(
    db: Database, account_id: int, *, actor: Actor, name: str, scopes: Collection[str], days: int, longest: int, now: Now
) -> Made:  # fmt: skip
    """A token for the account, good for ``days`` of at most ``longest``. Raises `InvalidFields` with everything that is wrong, NotFound."""
    name, chosen = unicodedata.normalize("NFC", name).strip(), set(scopes)
    useful = offered(person_of(db, account_id).actor)
    secret = PREFIX + secrets.token_urlsafe(32)
    expires_at = now.system + timedelta(days=max(0, min(days, longest)))
    with db.write() as connection:
        lock(connection)
        living = [row for row in sql.listed(connection, account_id) if row.expires_at > now.system]
        wrong = _problems(name, chosen, useful, days, longest, [row.name for row in living])
        if wrong:
            raise InvalidFields(wrong)
        kept = tuple(scope for scope in useful if scope in chosen)
        made = sql.add(
            connection,
            {
                "account_id": account_id, "token_hash": _hash(secret), "name": name, "scopes": [scope.value for scope in kept],
                "created_at": now.system, "expires_at": expires_at,
            },
        )  # fmt: skip
        fact = {"token": made, "account": account_id, "scopes": [scope.value for scope in kept], "until": expires_at.isoformat()}
        note(connection, replace(actor, represented_id=None), "make-token", (Fact("token.made", fact),), now)
    return Made(made, name, kept, expires_at, secret)


def tokens_of(db: Database, account_id: int, now: Now) -> tuple[TokenLine, ...]:
    """The account's tokens that nobody ended, newest first."""
    with db.read() as connection:
        return tuple(_line(row, now) for row in sql.listed(connection, account_id))


def tokens_of_everyone(db: Database, now: Now) -> tuple[TokenLine, ...]:
    """Every token that nobody ended, newest first: for the command line."""
    with db.read() as connection:
        return tuple(_line(row, now) for row in sql.listed(connection))


def revoke(db: Database, token_id: int, *, actor: Actor, now: Now) -> TokenLine:
    """The token is worth nothing from now on. Raises `NotFound` for another's, except to the software itself at the command line."""
    with db.write() as connection:
        lock(connection)
        rows = sql.listed(connection, None if actor.system else actor.account_id)
        row = next((row for row in rows if row.id == token_id), None)
        if row is None:
            raise NotFound()
        sql.end(connection, token_id, now.system)
        fact = Fact("token.revoked", {"token": token_id, "account": row.account_id})
        note(connection, replace(actor, represented_id=None), "revoke-token", (fact,), now)
        return _line(row, now)


def bearer_of(db: Database, secret: str, now: Now) -> Bearer | None:
    """Who acts by ``secret``; None for one that is unknown, ended or expired, or whose person works here no more: nobody can tell which."""
    with db.read() as connection:
        rows = sql.bearer(connection, _hash(secret), now.system, now.today)
    if not rows:
        return None
    first, day = rows[0], local_day(now.system)
    if first.seen_on != day:
        with db.write() as connection:
            sql.seen(connection, first.token_id, day)
    scopes, person = frozenset(Scope(scope) for scope in first.scopes), gather(rows)[0]
    actor = replace(within(person.actor, scopes), token_id=first.token_id)
    return Bearer(first.token_id, replace(person, actor=actor), scopes)


def _problems(
    name: str, chosen: set[str], useful: tuple[Scope, ...], days: int, longest: int, others: list[str]
) -> dict[str, Text]:  # fmt: skip
    problems: dict[str, Text] = {}
    if not name:
        problems["name"] = Text("Ghi tên để nhận ra mã này.", "Give a name to know it by.")
    elif len(name) > LONGEST_NAME:
        problems["name"] = Text(f"Tên dài quá {LONGEST_NAME} ký tự.", f"The name is longer than {LONGEST_NAME} characters.")
    elif any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        problems["name"] = Text("Tên có ký tự điều khiển.", "There is a control character in the name.")
    elif name.casefold() in {other.casefold() for other in others}:
        problems["name"] = Text("Bạn đã có mã tên này.", "There is a token of this name.")
    elif len(others) >= MOST:
        problems["name"] = Text(f"Tối đa {MOST} mã còn hiệu lực; thu hồi bớt.", f"At most {MOST} living tokens; revoke some.")
    if not chosen or not chosen <= set(useful):
        names = ", ".join(useful)
        problems["scopes"] = Text(f"Chọn ít nhất một phạm vi: {names}.", f"Choose at least one scope: {names}.")
    if not 1 <= days <= longest:
        problems["days"] = Text(f"Ghi số ngày từ 1 đến {longest}.", f"Give a number of days from 1 to {longest}.")
    return problems


def _line(row: Any, now: Now) -> TokenLine:
    scopes = tuple(Scope(scope) for scope in row.scopes)
    expired = bool(row.expires_at <= now.system)
    return TokenLine(row.id, row.account_id, row.login, row.name, scopes, row.created_at, row.expires_at, row.seen_on, expired)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
