"""Setting a password without knowing one: by a link that came by mail, or by a code that an administrator gave by hand.

A link or code works once, for a while, and for one account; whoever uses it ends every session of that account.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from engine.definition import Text
from engine.errors import InvalidFields, NotFound, Refused
from engine.instants import Now
from engine.passwords import normal
from models import linking as sql
from models.database import Database
from models.reading import accounts as reading
from notifications.audience import Person
from notifications.render import Site
from notifications.sealing import sealed
from services.accounts import actor_of
from services.password_mail import put_link_into_outbox
from services.passwords import new_hash, settle
from services.sign_in_tokens import hash_of
from services.throttle import Caller, admit, succeeded

RESET, INVITATION, CODE = "reset", "invitation", "code"
LASTS = {RESET: timedelta(minutes=45), INVITATION: timedelta(days=7), CODE: timedelta(hours=24)}
ONE_MAIL_IN = timedelta(minutes=5)  # asking again sooner brings no second mail
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that looks like another on paper
GROUPS, GROUP = 4, 5


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """For whom a link opens. ``kind``: reset | invitation | code."""

    account_id: int
    login: str
    name: str
    kind: str


def ask_for_reset(db: Database, who: str, *, now: Now, site: Site) -> int:
    """Mail a link to everybody who signs in as ``who`` or has that mail address; how many got one, which nobody must be told.

    ``site`` has the office's key. Who asks again within a few minutes gets no second mail.
    """
    who = unicodedata.normalize("NFC", who.strip())
    mailed = 0
    with db.write() as connection:
        for row in sql.meant(connection, who, now.today):
            before = sql.latest(connection, row.id, RESET)
            if before is not None and before > now.system - ONE_MAIL_IN:
                continue
            reader = Person(row.id, row.name, row.address, row.language)
            mail_link(connection, reader, row.login, RESET, made_by=0, by="", now=now, site=site)
            mailed += 1
    return mailed


def mail_link(connection: Connection, reader: Person, login: str, kind: str, *, made_by: int, by: str, now: Now, site: Site) -> datetime:
    """Give the account of ``reader`` a new link of ``kind`` and put the mail with it into the outbox; until when it opens."""
    half = secrets.token_urlsafe(18)
    token = sealed(half, site.seal)
    until = give(connection, reader.id, kind, token, made_by=made_by, now=now)
    message = "invited" if kind == INVITATION else "password-reset"
    put_link_into_outbox(connection, hash_of(token), half, message, reader, login, by=by, now=now, site=site)
    return until


def give(
    connection: Connection, account_id: int, kind: str, token: str, *, made_by: int, now: Now, lasts: timedelta | None = None
) -> datetime:
    """Keep a new link of the account, in place of those that it had; until when it opens (system time).

    ``lasts``: how long, if not as long as others of its ``kind``.
    """
    sql.end_of_account(connection, account_id)
    until = now.system + (lasts or LASTS[kind])
    values = {
        "account_id": account_id, "kind": kind, "token_hash": hash_of(token), "made_by": made_by,
        "created_at": now.system, "expires_at": until,
    }  # fmt: skip
    sql.add(connection, values)
    return until


def new_code() -> str:
    """A code to be read from paper: four groups of five letters and digits, 98 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def holder(db: Database, token: str, now: Now) -> LinkHolder:
    """For whom ``token`` opens. Raises `NotFound` for one that is unknown, used, replaced or too old."""
    with db.read() as connection:
        row = sql.found(connection, hash_of(token), now.system, now.today)
    if row is None:
        raise NotFound()
    return LinkHolder(row.account_id, row.login, row.name, row.kind)


def set_by_link(db: Database, token: str, form: dict[str, str], *, now: Now) -> LinkHolder:
    """Set the password of ``form`` (``password``, ``again``), which uses the link up and ends every session.

    Raises `NotFound` as `holder` does, and `InvalidFields`, after which the link still works.
    """
    found = holder(db, token, now)
    fresh = _chosen(form, found)
    actor = actor_of(db, found.account_id)
    with db.write() as connection:
        if not sql.use(connection, hash_of(token)):
            raise NotFound()
        settle(connection, actor, found.account_id, fresh, how=found.kind, now=now)
    return found


def set_by_code(db: Database, form: dict[str, str], *, caller: Caller, now: Now) -> LinkHolder:
    """Set the password of ``form`` by ``login`` and ``code``, upper or lower case, with or without dashes.

    Raises `Refused`, the same for an unknown name and a wrong code, `TooMany` for whoever tries codes, and `InvalidFields`.
    """
    login = unicodedata.normalize("NFC", form.get("login", "").strip())
    with db.read() as connection:
        named = reading.password_of(connection, login, now.today)
    counted = caller.counted(login, named[0] if named else None)
    admit(db, counted, now.system)
    token = written(form.get("code", ""))
    try:
        found = holder(db, token, now)
    except NotFound:
        raise _wrong_code() from None
    if found.kind != CODE or found.login != login:
        raise _wrong_code()
    succeeded(db, counted, now.system)
    return set_by_link(db, token, form, now=now)


def written(code: str) -> str:
    """``code`` as it was given out, however it was copied from the paper."""
    plain = "".join(letter for letter in code.upper() if letter in LETTERS)
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


def _chosen(form: dict[str, str], found: LinkHolder) -> str:
    wrong: dict[str, Text] = {}
    password, again = form.get("password", ""), form.get("again", "")
    if normal(password) != normal(again):
        wrong["again"] = Text("Hai lần nhập không giống nhau.", "The two are not the same.")
    try:
        fresh = new_hash(password, login=found.login, name=found.name)
    except InvalidFields as error:
        raise InvalidFields({**error.problems, **wrong}) from None
    if wrong:
        raise InvalidFields(wrong)
    return fresh


def _wrong_code() -> Refused:
    text = Text("Tên đăng nhập hoặc mã không đúng, hoặc mã đã hết hạn.", "The sign-in name or the code is wrong, or the code has expired.")
    return Refused(text, code="wrong-code", field="code")
