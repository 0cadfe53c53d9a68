"""Browser sessions: a random token in a cookie, its hash in a row. System time rules them, never business time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, insert, update

from engine.errors import NotFound
from engine.instants import Now
from models.database import Database
from models.reading import accounts as reading
from models.tables import account, sign_in
from services.accounts import Person, gather
from services.acting_for import ActingFor, may_act_for

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)  # writing at each request would make every page a writer


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever a token stands for. ``csrf`` must come back with every request that changes something.

    ``acting_for``: the absent person in whose place they act, None while they act for themselves; ``person.actor`` is then the deputy.
    """

    person: Person
    csrf: str
    acting_for: ActingFor | None = None


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


def signed_in(db: Database, token: str, now: Now) -> SignedIn | None:
    """Who ``token`` stands for; None if it is unknown, ended or too old, or if its person has left.

    Acting for another ends by itself with the deputy's last day: from then on the person acts for themselves again.
    """
    with db.read() as connection:
        rows = reading.by_token(connection, _hash(token), now.today)
        if not rows or rows[0].seen_at < now.system - IDLE or rows[0].created_at < now.system - LONGEST:
            return None
        acting_for = may_act_for(connection, rows[0].id, now.today, rows[0].deputy_id) if rows[0].deputy_id is not None else None
    if rows[0].seen_at < now.system - SEEN_EVERY:
        with db.write() as connection:
            connection.execute(update(sign_in).where(sign_in.c.token_hash == _hash(token)).values(seen_at=now.system))
    person = gather(rows)[0]
    return SignedIn(replace(person, actor=acting_for.actor(person.actor)) if acting_for else person, rows[0].csrf, acting_for)


def choose_for_whom(db: Database, token: str, deputy_id: int | None, now: Now) -> None:
    """Act as the deputy number ``deputy_id`` from now on, None for oneself. Raises `NotFound` where one may not (any more)."""
    with db.write() as connection:
        rows = reading.by_token(connection, _hash(token), now.today)
        if not rows or (deputy_id is not None and may_act_for(connection, rows[0].id, now.today, deputy_id) is None):
            raise NotFound()
        connection.execute(update(sign_in).where(sign_in.c.token_hash == _hash(token)).values(deputy_id=deputy_id))


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
