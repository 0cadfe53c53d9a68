"""Checking and changing passwords: equal work for any name, fresh hashes, sessions that end, an entry in the journal."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update

from engine.errors import InvalidFields, NotFound, Refused
from models.database import Database
from models.tables import account, journal_entry
from services.accounts import actor_of, create_account
from services.passwords import authenticate, change_password, common_passwords, set_password
from services.sign_ins import open_sign_in, signed_in
from services.throttle import Caller
from tests.factories import at

DAY = date(2024, 6, 10)
HERE = Caller("10.0.0.1")
OLD, NEW = "con trâu đi trước", "cái cày theo sau"


@pytest.fixture
def db(sqlite: Database) -> Database:
    """A database with one account."""
    create_account(sqlite, login="loc-ninh", name="Người Lộc Ninh", password=OLD)
    create_account(sqlite, login="bam-la-vao", name="Không mật khẩu")
    return sqlite


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes against which a password was held."""
    seen: list[str] = []
    plain = PasswordHash.verify_and_update

    def counted(self: PasswordHash, password: str, hash_: str) -> tuple[bool, str | None]:
        seen.append(hash_)
        return plain(self, password, hash_)

    monkeypatch.setattr(PasswordHash, "verify_and_update", counted)
    return seen


def stored(db: Database, login: str = "loc-ninh") -> str:
    with db.read() as connection:
        return str(connection.execute(select(account.c.password_hash).where(account.c.login == login)).scalar_one())


def refusal(db: Database, login: str, password: str) -> tuple[str, str]:
    with pytest.raises(Refused) as no:
        authenticate(db, login, password, DAY)
    return no.value.text.vi, no.value.code


def test_any_wrong_name_or_password_costs_the_same_work_and_gets_the_same_answer(db: Database, verified: list[str]):
    with db.write() as connection:
        connection.execute(update(account).where(account.c.login == "bam-la-vao").values(left_on=DAY))
    answers = {refusal(db, login, "không phải mật khẩu") for login in ("loc-ninh", "khong-co", "bam-la-vao", "")}
    assert len(answers) == 1
    assert len(verified) == 4
    costs = {hash_.rsplit("$", 2)[0] for hash_ in verified}
    assert len(costs) == 1, "one dearer than another tells which names exist"


def test_a_hash_of_former_parameters_is_made_anew_at_sign_in(db: Database):
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(OLD)
    with db.write() as connection:
        connection.execute(update(account).where(account.c.login == "loc-ninh").values(password_hash=weak))
    refusal(db, "loc-ninh", "không phải mật khẩu")
    assert stored(db) == weak
    authenticate(db, "loc-ninh", OLD, DAY)
    assert "m=19456,t=2,p=1" in stored(db)
    fresh = stored(db)
    authenticate(db, "loc-ninh", OLD, DAY)
    assert stored(db) == fresh


def test_it_is_argon2id_and_salted(db: Database):
    create_account(db, login="hai", name="Hai", password=OLD)
    assert stored(db).startswith("$argon2id$") and stored(db) != stored(db, "hai")


def test_accents_typed_apart_sign_in_too(db: Database):
    assert authenticate(db, "loc-ninh", unicodedata.normalize("NFD", OLD), DAY) == 1


def test_changing_it_ends_every_other_session_and_is_journaled(db: Database):
    here, there = (open_sign_in(db, 1, at(DAY).system) for _ in range(2))
    change_password(db, actor_of(db, 1), {"present": OLD, "password": NEW, "again": NEW}, token=here, caller=HERE, now=at(DAY))
    assert signed_in(db, here, at(DAY)) is not None and signed_in(db, there, at(DAY)) is None
    assert authenticate(db, "loc-ninh", NEW, DAY) == 1
    refusal(db, "loc-ninh", OLD)
    with db.read() as connection:
        (entry,) = connection.execute(select(journal_entry.c.action, journal_entry.c.body)).all()
    assert entry.action == "change-password" and NEW not in str(entry.body)


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"present": "sai", "password": NEW, "again": NEW}, {"present"}),
        ({"present": OLD, "password": NEW, "again": OLD}, {"again"}),
        ({"present": OLD, "password": OLD, "again": OLD}, {"password"}),
        ({"present": OLD, "password": "ngắn", "again": "ngắn"}, {"password"}),
        ({"present": "sai", "password": "loc-ninh 1234567", "again": "khác"}, {"present", "password", "again"}),
        ({}, {"present", "password"}),
    ],
)
def test_whatever_is_wrong_is_said_at_its_field_and_nothing_changes(db: Database, form: dict[str, str], fields: set[str]):
    before, token = stored(db), open_sign_in(db, 1, at(DAY).system)
    other = open_sign_in(db, 1, at(DAY).system)
    with pytest.raises(InvalidFields) as wrong:
        change_password(db, actor_of(db, 1), form, token=token, caller=HERE, now=at(DAY))
    assert set(wrong.value.problems) == fields
    assert stored(db) == before and signed_in(db, other, at(DAY)) is not None


def test_who_has_none_changes_none(db: Database):
    with pytest.raises(NotFound):
        change_password(db, actor_of(db, 2), {"present": "", "password": NEW, "again": NEW}, token="", caller=HERE, now=at(DAY))


def test_an_operator_sets_one_and_every_session_ends(db: Database):
    token = open_sign_in(db, 1, at(DAY).system)
    set_password(db, "loc-ninh", NEW, now=at(DAY))
    assert signed_in(db, token, at(DAY)) is None and authenticate(db, "loc-ninh", NEW, DAY) == 1
    with pytest.raises(InvalidFields):
        set_password(db, "loc-ninh", "matkhau123456", now=at(DAY))
    with pytest.raises(NotFound):
        set_password(db, "khong-co", NEW, now=at(DAY))


def test_an_account_is_not_made_with_a_bad_password(db: Database):
    with pytest.raises(InvalidFields) as wrong:
        create_account(db, login="moi", name="Mới", password="password1234")
    assert set(wrong.value.problems) == {"password"}


def test_the_common_ones_are_there(db: Database):
    found = common_passwords()
    assert len(found) > 29_000
    for well_known in ("qwerty123456", "1q2w3e4r5t6y", "password", "matkhau", "iloveyou", "anhyeuem", "dondoc", "congan"):
        assert well_known in found
    assert sorted(found) == sorted({word.lower() for word in found}), "they are compared folded"
