"""Browser sessions: a random token in a cookie, its hash in a row. System time rules them, never business time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, insert, update

from models.database import Database
from models.reading import accounts as reading
from models.tables import account, sign_in
from services.accounts import Person, gather

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)  # writing at each request would make every page a writer


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever a token stands for. ``csrf`` must come back with every request that changes something."""

    person: Person
    csrf: str


def open_sign_in(db: Database, account_id: int, system_now: datetime) -> str:
    """Start a session and return its token, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": _hash(token),
        "account_id": account_id,
        "csrf": secrets.token_urlsafe(24),
        "created_at": system_now,
        "seen_at": system_now,
    }
    with db.write() as connection:
        connection.execute(delete(sign_in).where(sign_in.c.seen_at < system_now - IDLE))
        connection.execute(insert(sign_in).values(values))
    return token


def signed_in(db: Database, token: str, system_now: datetime) -> SignedIn | None:
    """Who ``token`` stands for; None if it is unknown, ended or too old."""
    with db.read() as connection:
        rows = reading.by_token(connection, _hash(token))
    if not rows or rows[0].seen_at < system_now - IDLE or rows[0].created_at < system_now - LONGEST:
        return None
    if rows[0].seen_at < system_now - SEEN_EVERY:
        with db.write() as connection:
            connection.execute(update(sign_in).where(sign_in.c.token_hash == _hash(token)).values(seen_at=system_now))
    return SignedIn(gather(rows)[0], rows[0].csrf)


def close_sign_in(db: Database, token: str) -> None:
    """End the session of ``token``; ending one that has ended is no error."""
    with db.write() as connection:
        connection.execute(delete(sign_in).where(sign_in.c.token_hash == _hash(token)))


def choose_language(db: Database, account_id: int, language: str) -> None:
    """Remember the language in which ``account_id`` reads pages and mails ("vi" or "en")."""
    with db.write() as connection:
        connection.execute(update(account).where(account.c.id == account_id).values(language=language))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
