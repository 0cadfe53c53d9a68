"""Calendar feeds: an address with a secret in it, given once, replaced at will, and dead from then on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from engine.errors import NotFound
from engine.instants import Now
from models import feeds as sql
from models.database import Database
from notifications.ical import calendar_of
from services.accounts import person_of
from services.queries.feed import feed_entries

NAMES = {"vi": "Đôn Đốc: việc đến hạn", "en": "Đôn Đốc: deadlines"}


@dataclass(frozen=True, slots=True)
class FeedFile:
    """``body`` is iCalendar; ``tag`` is its hash; ``changed_at`` the latest change in it, None where it is empty."""

    body: bytes
    tag: str
    changed_at: datetime | None


def issue(db: Database, account_id: int, *, now: Now) -> str:
    """A new token for the account's feed; the one before is dead. It is stored nowhere: whoever loses it asks for another."""
    token = secrets.token_urlsafe(32)
    with db.write() as connection:
        sql.put(connection, account_id, _hash(token), now.system)
    return token


def stop(db: Database, account_id: int) -> None:
    """The account has no feed any more."""
    with db.write() as connection:
        sql.drop(connection, account_id)


def issued_at(db: Database, account_id: int) -> datetime | None:
    """When the account's feed got its address (system time); None if it has none."""
    with db.read() as connection:
        return sql.issued_at(connection, account_id)


def feed_of(db: Database, token: str, *, now: Now, base_url: str) -> FeedFile:
    """The feed that ``token`` opens, in its account's language. Raises NotFound for any other and for one whose reader has left."""
    with db.read() as connection:
        account_id = sql.reader(connection, _hash(token), now.today)
    if account_id is None:
        raise NotFound()
    person = person_of(db, account_id)
    entries = feed_entries(db, person.actor, now, language=person.language, base_url=base_url)
    body = calendar_of(entries, NAMES.get(person.language, NAMES["vi"]))
    return FeedFile(body, sha256(body).hexdigest()[:32], max((entry.changed_at for entry in entries), default=None))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
