"""Having a second factor: beginning, confirming by a first code, new recovery codes, and going without it again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from pyotp import TOTP, random_base32
from sqlalchemy import Connection

from engine.access import Actor
from engine.definition import Text
from engine.errors import InvalidFields, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.second_factor import plain
from models import people, sign_ins
from models import second_factors as sql
from models.database import Database
from services.office_journal import note
from services.passwords import knows_password
from services.sealing import keyed_hash, seal, unseal
from services.second_factor import check, counter_of, place_of
from services.sign_in_tokens import hash_of
from services.throttle import Caller

ISSUER = "Đôn Đốc"
CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that one takes for another on paper
LENGTH = 12


@dataclass(frozen=True, slots=True)
class SecondFactorState:
    """``on``: signing in asks for a code. ``key``: begun and not confirmed yet, to be typed into a telephone, "" otherwise."""

    on: bool
    codes_left: int
    key: str
    uri: str


def state_of(db: Database, account_id: int, login: str, *, master: str) -> SecondFactorState:
    """How the account stands."""
    with db.read() as connection:
        row, left = sql.of_account(connection, account_id), sql.codes_left(connection, account_id)
    if row is None or row.confirmed_at is not None:
        return SecondFactorState(row is not None, left, "", "")
    key = unseal(master, row.secret, place=place_of(account_id))
    return SecondFactorState(False, 0, key, TOTP(key).provisioning_uri(name=login, issuer_name=ISSUER))


def begin(db: Database, account_id: int, *, master: str) -> None:
    """A new secret that waits to be confirmed. Raises `Refused` where a confirmed one is."""
    sealed = seal(master, random_base32(), place=place_of(account_id))
    with db.write() as connection:
        if sql.is_on(connection, account_id):
            raise Refused(Text("Xác thực hai lớp đang bật.", "The second factor is on already."), code="second-factor-on")
        sql.begin(connection, account_id, sealed)


def confirm(db: Database, actor: Actor, form: dict[str, str], *, token: str, caller: Caller, now: Now) -> tuple[str, ...]:
    """Count the secret from now on; the recovery codes, shown this once. The session of ``token`` has proved itself, every other ends.

    ``form``: ``code``, and ``present``, the password of an account that has one: whoever finds an open browser must not lock its owner
    out. Raises `InvalidFields`, `NotFound` where nothing was begun, and `TooMany` for somebody who tries passwords.
    """
    account_id, master, wrong = actor.account_id, caller.secret, dict[str, Text]()
    if not knows_password(db, account_id, form.get("present", ""), caller=caller, now=now):
        wrong["present"] = Text("Mật khẩu hiện tại không đúng.", "This is not your present password.")
    with db.write() as connection:
        row = sql.locked(connection, account_id)
        if row is None or row.confirmed_at is not None:
            raise NotFound()
        counter = counter_of(row, plain(form.get("code", "")), master=master, now=now)
        if counter is None:
            wrong["code"] = Text(
                "Mã không đúng; xem giờ của điện thoại có đúng không.", "Wrong code; see whether the phone's clock is right."
            )
        if wrong or counter is None:
            raise InvalidFields(wrong)
        sql.change(connection, account_id, {"confirmed_at": now.system, "used": counter})
        codes = _new_codes(connection, account_id, master)
        sign_ins.end_of_account(connection, account_id, but=hash_of(token))
        sign_ins.prove(connection, hash_of(token))
        note(connection, actor, "second-factor-on", (Fact("account.second-factor-on", {"account": account_id}),), now)
    return codes


def renew_codes(db: Database, actor: Actor, code: str, *, master: str, now: Now) -> tuple[str, ...]:
    """New recovery codes in place of all before, shown this once; for a code. Raises what `services.second_factor.check` raises."""
    check(db, actor.account_id, code, master=master, now=now)
    with db.write() as connection:
        sql.locked(connection, actor.account_id)
        codes = _new_codes(connection, actor.account_id, master)
        fact = Fact("account.recovery-codes-renewed", {"account": actor.account_id})
        note(connection, actor, "renew-recovery-codes", (fact,), now)
    return codes


def turn_off(db: Database, actor: Actor, code: str, *, required: bool, master: str, now: Now) -> None:
    """Sign in without it from now on; for a code. Raises `Refused` where the office requires it, else what `check` raises."""
    if required:
        raise Refused(
            Text("Cơ quan yêu cầu vai trò của bạn có xác thực hai lớp.", "The office requires the second factor of your role."),
            code="second-factor-required",
            field="code",
        )
    check(db, actor.account_id, code, master=master, now=now)
    with db.write() as connection:
        sql.locked(connection, actor.account_id)
        _remove(connection, actor, actor.account_id, "own", now)


def take_off(db: Database, actor: Actor, account_id: int, *, now: Now) -> None:
    """Let somebody sign in without it who lost the telephone and the paper: by an administrator, whose own it cannot be.

    Every session of that person ends. Raises `NotFound` for no account, and `Refused`.
    """
    if not (actor.system or "administrator" in actor.roles) or actor.represented_id is not None:
        raise Refused(Text("Chỉ quản trị hệ thống.", "Only an administrator."), code="administrators-only")
    if actor.account_id == account_id:
        raise Refused(
            Text("Tự tắt của mình thì dùng mã ở trang Tùy chọn.", "Turn off your own with a code, on the page of preferences."),
            code="own-second-factor",
        )
    with db.write() as connection:
        row = sql.locked(connection, account_id)
        if people.by_id(connection, account_id) is None:
            raise NotFound()
        if row is None or row.confirmed_at is None:
            raise Refused(Text("Người này không bật xác thực hai lớp.", "They have no second factor."), code="second-factor-is-off")
        sign_ins.end_of_account(connection, account_id)
        _remove(connection, actor, account_id, "administrator", now)


def _remove(connection: Connection, actor: Actor, account_id: int, how: str, now: Now) -> None:
    sql.remove(connection, account_id)
    fact = Fact("account.second-factor-off", {"account": account_id, "how": how})
    note(connection, actor, "second-factor-off", (fact,), now)


def _new_codes(connection: Connection, account_id: int, master: str) -> tuple[str, ...]:
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(CODES)]
    sql.put_codes(connection, account_id, [keyed_hash(master, code) for code in codes])
    return tuple("-".join(code[at : at + 4] for at in range(0, LENGTH, 4)) for code in codes)
