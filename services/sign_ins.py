"""Browser sessions: a random token in a cookie, its hash in a row. System time rules them, never business time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.access import Actor
from engine.errors import NotFound
from engine.instants import Now
from engine.sessions import SessionLimits
from models import people
from models import sign_ins as sql
from models.database import Database
from models.reading import accounts as reading
from services.accounts import Person, gather
from services.acting_for import ActingFor, may_act_for
from services.sign_in_tokens import hash_of

SEEN_EVERY = timedelta(minutes=5)  # writing at each request would make every page a writer
ORDINARY = SessionLimits()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever a token stands for. ``csrf`` must come back with every request that changes something.

    ``acting_for``: the absent person in whose place they act, None while they act for themselves; ``person.actor`` is then the deputy
    and ``own`` the person as themselves. ``strong``: they gave the second factor.
    ``proved_at``: when they last showed who they are (system time).
    """

    person: Person
    csrf: str
    own: Actor
    proved_at: datetime
    strong: bool = False
    acting_for: ActingFor | None = None


def open_sign_in(
    db: Database,
    account_id: int,
    system_now: datetime,
    *,
    limits: SessionLimits = ORDINARY,
    device: str = "",
    trusted: bool = False,
    strong: bool = False,
    replaces: str = "",
) -> str:
    """Start a session and return its token, which is stored nowhere.

    ``device``: words for the browser, for its person to know it by. ``trusted``: keep it long, where ``limits`` allow that.
    ``strong``: the second factor was given.
    ``replaces``: the token that the browser had until now; it is dead from here on, whoever else may know it.
    """
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": hash_of(token),
        "account_id": account_id,
        "csrf": secrets.token_urlsafe(24),
        "device": device,
        "trusted": trusted and bool(limits.trusted),
        "strong": strong,
        "created_at": system_now,
        "seen_at": system_now,
    }
    longest = max(limits.trusted, limits.longest)
    with db.write() as connection:
        sql.sweep(connection, idle=system_now - limits.idle, longest=system_now - limits.longest, trusted=system_now - longest)
        if replaces:
            sql.end(connection, [hash_of(replaces)])
        sql.add(connection, values)
    return token


def signed_in(db: Database, token: str, now: Now, limits: SessionLimits = ORDINARY) -> SignedIn | None:
    """Who ``token`` stands for; None if it is unknown, ended or too old, or if its person has left.

    Acting for another ends by itself with the deputy's last day: from then on the person acts for themselves again.
    """
    with db.read() as connection:
        rows = reading.by_token(connection, hash_of(token), now.today)
        if not rows:
            return None
        first = rows[0]
        if limits.is_over(created=first.created_at, seen=first.seen_at, trusted=first.trusted, at=now.system):
            return None
        acting_for = may_act_for(connection, first.id, now.today, first.deputy_id) if first.deputy_id is not None else None
    if first.seen_at < now.system - SEEN_EVERY:
        with db.write() as connection:
            sql.seen(connection, hash_of(token), now.system)
    person = gather(rows)[0]
    own = person.actor
    present = replace(person, actor=acting_for.actor(own)) if acting_for else person
    return SignedIn(present, first.csrf, own, first.proved_at or first.created_at, first.strong, acting_for)


def choose_for_whom(db: Database, token: str, deputy_id: int | None, now: Now) -> None:
    """Act as the deputy number ``deputy_id`` from now on, None for oneself. Raises `NotFound` where one may not (any more)."""
    with db.write() as connection:
        rows = reading.by_token(connection, hash_of(token), now.today)
        if not rows or (deputy_id is not None and may_act_for(connection, rows[0].id, now.today, deputy_id) is None):
            raise NotFound()
        sql.stand_in(connection, hash_of(token), deputy_id)


def close_sign_in(db: Database, token: str) -> None:
    """End the session of ``token``; ending one that has ended is no error."""
    with db.write() as connection:
        sql.end(connection, [hash_of(token)])


def choose_language(db: Database, account_id: int, language: str) -> None:
    """Remember the language in which ``account_id`` reads pages and mails ("vi" or "en")."""
    with db.write() as connection:
        people.choose_language(connection, account_id, language)
