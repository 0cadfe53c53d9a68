"""Checking the second factor: a code from the telephone, taken once, or a recovery code from paper, taken once."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pyotp import TOTP
from sqlalchemy import Connection

from engine.access import Actor
from engine.definition import Text
from engine.errors import Refused
from engine.facts import Fact
from engine.instants import Now
from engine.second_factor import candidates, plain
from engine.throttling import CODE
from models import second_factors as sql
from models.database import Database
from services.office_journal import note
from services.sealing import keyed_hash, unseal
from services.sign_in_tokens import hash_of
from services.throttle import admit, succeeded

PATIENCE = timedelta(minutes=10)  # between the password and the code


@dataclass(frozen=True, slots=True)
class Challenge:
    """Somebody who owes a code. ``trusted``: they want to stay signed in on a phone of their own."""

    account_id: int
    trusted: bool


def has_second_factor(db: Database, account_id: int) -> bool:
    """Whether the account is asked for a code."""
    with db.read() as connection:
        return sql.is_on(connection, account_id)


def ask(db: Database, account_id: int, *, trusted: bool, now: Now) -> str:
    """The right password was given: the token with which the same browser brings the code."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": hash_of(token), "account_id": account_id, "trusted": trusted, "created_at": now.system}
    with db.write() as connection:
        sql.ask(connection, values, now.system - PATIENCE)
    return token


def asked(db: Database, token: str, now: Now) -> Challenge | None:
    """Who owes a code by ``token``; None if nobody does (any more)."""
    with db.read() as connection:
        row = sql.asked(connection, hash_of(token), now.system - PATIENCE)
    return Challenge(row.account_id, row.trusted) if row else None


def answer(db: Database, token: str, code: str, *, master: str, now: Now) -> Challenge | None:
    """Who brought the right code for ``token``, which is spent by it; None if nobody owes one. Raises what `check` raises."""
    challenge = asked(db, token, now)
    if challenge is None:
        return None
    check(db, challenge.account_id, code, master=master, now=now)
    with db.write() as connection:
        return challenge if sql.answered(connection, hash_of(token)) else None


def check(db: Database, account_id: int, code: str, *, master: str, now: Now) -> None:
    """Take ``code`` as a proof of ``account_id``, once. Raises `Refused` for a wrong one, and `TooMany` while one has to wait.

    Whoever is asked for a code knows the password already, so that nobody else can make the account's person wait.
    """
    counted = {keyed_hash(master, f"throttle:code:{account_id}")[:40]: CODE}
    admit(db, counted, now.system)
    with db.write() as connection:
        if not _take(connection, account_id, code, master=master, now=now):
            raise wrong_code()
    succeeded(db, counted, now.system)


def _take(connection: Connection, account_id: int, code: str, *, master: str, now: Now) -> bool:
    """Whether the code was good until now; it is spent from here on."""
    row = sql.locked(connection, account_id)
    if row is None or row.confirmed_at is None:
        return False
    counter = counter_of(row, plain(code), master=master, now=now)
    if counter is not None:
        sql.change(connection, account_id, {"used": counter})
        return True
    if not sql.use_code(connection, account_id, keyed_hash(master, plain(code)), now.system):
        return False
    fact = Fact("account.recovery-code-used", {"account": account_id})
    note(connection, Actor(account_id, ""), "use-recovery-code", (fact,), now)
    return True


def counter_of(row: Any, code: str, *, master: str, now: Now) -> int | None:
    """The counter whose code ``code`` is, of those not spent yet; None for a wrong one."""
    totp = TOTP(unseal(master, row.secret, place=place_of(row.account_id)))
    fits = [c for c in candidates(now.system, row.used) if hmac.compare_digest(totp.generate_otp(c).encode(), code.encode())]
    return fits[0] if fits else None


def place_of(account_id: int) -> str:
    """What the secret of an account is sealed to."""
    return f"second-factor:{account_id}"


def wrong_code() -> Refused:
    """The refusal of a code."""
    return Refused(
        Text("Mã không đúng, đã dùng, hoặc đã hết hạn.", "The code is wrong, used already, or too old."),
        code="second-factor-wrong",
        hint=Text("Mỗi mã chỉ dùng một lần; chờ mã mới hiện trên điện thoại.", "Each code works once; wait for the next one on the phone."),
        field="code",
    )
