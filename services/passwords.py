"""Passwords: checking one, choosing one, changing it. Kept as argon2id hashes that follow the parameters of the day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Connection

from engine.access import SYSTEM, Actor
from engine.definition import Text
from engine.errors import InvalidFields, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.passwords import normal, wrong_password
from models import api_tokens, linking, people, sign_ins
from models import passwords as sql
from models.database import Database
from models.reading import accounts as reading
from services.office_journal import lock, note
from services.sign_in_tokens import hash_of
from services.throttle import Caller, admit, succeeded

AT_HOME = ("congan", "congandan", "dondoc", "binhphuoc", "vietnam", "hochiminh", "matkhaumoi", "kehoach")
"""Words that somebody here would try before those of the lists from abroad, as they stand without accents."""


@lru_cache(maxsize=1)
def hasher() -> PasswordHash:
    """Argon2id with 19 MiB and two passes: strong enough, and small enough for a web process of 150 MB."""
    return PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))


@lru_cache(maxsize=1)
def _nobody() -> str:
    return hasher().hash("the password of an account that does not exist")


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The 30,000 passwords that leak most often, and words from here; read when the first password is chosen."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"]) | frozenset(AT_HOME)


def new_hash(password: str, *, login: str, name: str, field: str = "password") -> str:
    """The hash of a new password. Raises `InvalidFields` at ``field`` for one that is too short or too easily guessed."""
    wrong = wrong_password(password, login=login, name=name, common=common_passwords())
    if wrong is not None:
        raise InvalidFields({field: wrong})
    return hasher().hash(normal(password))


def authenticate(db: Database, login: str, password: str, today: date) -> int:
    """The id of the account with that login and password. Raises `Refused`, the same for either being wrong, after the same work, and for
    who works here no more on ``today``. A hash of former parameters is made anew."""
    with db.read() as connection:
        found = reading.password_of(connection, login, today)
    stored = found[1] if found else ""
    right, fresh = hasher().verify_and_update(normal(password), stored or _nobody())
    if found is None or not stored or not right:
        raise Refused(
            Text("Tên đăng nhập hoặc mật khẩu không đúng.", "The sign-in name or the password is wrong."), code="sign-in", field="login"
        )
    if fresh is not None:
        with db.write() as connection:
            sql.replace(connection, found[0], stored, fresh)
    return found[0]


def has_password(db: Database, account_id: int) -> bool:
    """Whether the account signs in by a password."""
    with db.read() as connection:
        row = sql.of_account(connection, account_id)
    return bool(row and row.password_hash)


def knows_password(db: Database, account_id: int, password: str, *, caller: Caller, now: Now) -> bool:
    """Whether ``password`` is the account's, of somebody who is signed in already; who has none need not know any. Raises `TooMany`."""
    with db.read() as connection:
        row = sql.of_account(connection, account_id)
    if row is None or not row.password_hash:
        return row is not None
    counted = caller.counted_own(account_id)
    admit(db, counted, now.system)
    right = hasher().verify(normal(password), row.password_hash)
    if right:
        succeeded(db, counted, now.system)
    return right


def change_password(db: Database, actor: Actor, form: dict[str, str], *, token: str, caller: Caller, now: Now) -> None:
    """Change one's own password; every session but the one of ``token`` ends.

    ``form``: ``present``, ``password`` and ``again``. Raises `InvalidFields` naming every wrong field, `NotFound` where there is none, and
    `TooMany` for somebody who tries what the present one is.
    """
    present, password, again = (form.get(name, "") for name in ("present", "password", "again"))
    with db.read() as connection:
        row = sql.of_account(connection, actor.account_id)
    if row is None or not row.password_hash:
        raise NotFound()
    wrong: dict[str, Text] = {}
    if not knows_password(db, actor.account_id, present, caller=caller, now=now):
        wrong["present"] = Text("Mật khẩu hiện tại không đúng.", "This is not your present password.")
    if normal(password) != normal(again):
        wrong["again"] = Text("Hai lần nhập không giống nhau.", "The two are not the same.")
    if not wrong and normal(password) == normal(present):
        wrong["password"] = Text("Chọn mật khẩu khác mật khẩu hiện tại.", "Choose another one than the present.")
    try:
        fresh = new_hash(password, login=row.login, name=row.name)
    except InvalidFields as error:
        raise InvalidFields({**error.problems, **wrong}) from None
    if wrong:
        raise InvalidFields(wrong)
    with db.write() as connection:
        settle(connection, actor, actor.account_id, fresh, how="own", keep=hash_of(token), now=now)


def set_password(db: Database, login: str, password: str, *, now: Now) -> None:
    """Give the account another password from the command line; every session ends. Raises `NotFound`, `InvalidFields`."""
    with db.read() as connection:
        person = people.by_login(connection, login)
    if person is None:
        raise NotFound(login)
    fresh = new_hash(password, login=person.login, name=person.name)
    with db.write() as connection:
        settle(connection, SYSTEM, person.id, fresh, how="operator", now=now)


def settle(connection: Connection, actor: Actor, account_id: int, password_hash: str, *, how: str, now: Now, keep: str = "") -> None:
    """The account has this password from now on, its sessions but the one with the hash ``keep`` and its API tokens are over, no link
    sets another, and the journal says so.

    ``how``: own (knowing the one before) | operator (at the command line) | reset | invitation | code (by such a link).
    """
    lock(connection)
    sql.put(connection, account_id, password_hash)
    linking.end_of_account(connection, account_id)
    sign_ins.end_of_account(connection, account_id, but=keep)
    api_tokens.end_all(connection, account_id, now.system)
    note(connection, actor, "change-password", (Fact("account.password-changed", {"account": account_id, "how": how}),), now)
