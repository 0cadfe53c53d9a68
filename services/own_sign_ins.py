"""Where a person is signed in: the list that they see, and ending what they do not know or no longer use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from engine.errors import NotFound
from engine.instants import Now
from engine.sessions import SessionLimits
from models import people
from models import sign_ins as sql
from models.database import Database
from services.sign_in_tokens import hash_of


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """A session as its person knows it. ``mark`` names it in a form, and opens nothing. ``here``: the page is looked at through it.

    ``device``: words for the browser, "" where it did not say. ``trusted``: it lasts long, on a phone of their own.
    """

    mark: str
    device: str
    since: datetime
    seen: datetime
    trusted: bool
    here: bool


def own_sign_ins(db: Database, account_id: int, token: str, now: Now, limits: SessionLimits) -> tuple[OwnSignIn, ...]:
    """The account's sessions that still hold, the one of ``token`` first, then the latest used."""
    with db.read() as connection:
        rows = sql.of_account(connection, account_id)
    found = [
        OwnSignIn(_mark(row.token_hash), row.device, row.created_at, row.seen_at, row.trusted, row.token_hash == hash_of(token))
        for row in rows
        if not limits.is_over(created=row.created_at, seen=row.seen_at, trusted=row.trusted, at=now.system)
    ]
    return tuple(sorted(found, key=lambda one: not one.here))


def end_own(db: Database, account_id: int, mark: str) -> None:
    """End the account's session with this mark. Raises `NotFound` for any other, and for one that has ended."""
    with db.write() as connection:
        found = [row.token_hash for row in sql.of_account(connection, account_id) if _mark(row.token_hash) == mark]
        if not found:
            raise NotFound()
        sql.end(connection, found)


def end_others(db: Database, account_id: int, token: str) -> int:
    """End every session of the account but the one of ``token``; how many there were."""
    with db.write() as connection:
        return sql.end_of_account(connection, account_id, but=hash_of(token))


def end_all(db: Database, login: str) -> int:
    """End every session of the account with this sign-in name; how many there were. Raises `NotFound`."""
    with db.write() as connection:
        person = people.by_login(connection, login)
        if person is None:
            raise NotFound(login)
        return sql.end_of_account(connection, person.id)


def end_everywhere(db: Database, account_id: int) -> int:
    """End every session of an account; how many there were."""
    with db.write() as connection:
        return sql.end_of_account(connection, account_id)


def _mark(token_hash: str) -> str:
    return sha256(f"mark:{token_hash}".encode()).hexdigest()[:24]
