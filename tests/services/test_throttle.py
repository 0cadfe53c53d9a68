"""Guessing slows down, at once and from several processes; the real person gets in; the table stays small."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from engine.errors import Refused, TooMany
from engine.instants import Now
from engine.throttling import ACCOUNT, DEVICE, FORGOTTEN
from models import throttling
from models.database import Database
from models.tables import throttle
from services.accounts import create_account
from services.sign_in_by_password import sign_in_by_password
from services.throttle import Caller
from tests.factories import at

DAY, PASSWORD = date(2024, 6, 10), "con trâu đi trước"
START = at(DAY).system
THERE = Caller("203.0.113.7", secret="k")


@pytest.fixture
def office(db: Database) -> Database:
    """One account, on both databases."""
    create_account(db, login="loc-ninh", name="Người Lộc Ninh", password=PASSWORD)
    return db


def attempt(db: Database, password: str = "sai", *, login: str = "loc-ninh", caller: Caller = THERE, after: float = 0) -> str | int:
    """What came of one try: the account, "refused", or the seconds to wait."""
    instant = START + timedelta(seconds=after)
    try:
        return f"in as {sign_in_by_password(db, login, password, caller=caller, now=Now(at(DAY).business, instant))}"
    except TooMany as wait:
        return wait.seconds
    except Refused:
        return "refused"


def count(db: Database) -> int:
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(throttle)).scalar_one())


def test_the_wait_grows_and_ends_by_itself(office: Database):
    assert [attempt(office) for _ in range(6)] == ["refused"] * 5 + [5]
    assert attempt(office, PASSWORD) == 5, "waiting counts for the right password too, or it could be told from a wrong one"
    assert [attempt(office, after=5), attempt(office, after=5), attempt(office, after=15)] == ["refused", 10, "refused"]
    assert attempt(office, PASSWORD, after=35) == "in as 1"
    assert [attempt(office, after=36) for _ in range(5)] == ["refused"] * 5


def test_a_name_that_does_not_exist_waits_just_so(office: Database):
    assert [attempt(office, login="khong-co") for _ in range(7)] == ["refused"] * 5 + [5, 5]


def test_another_name_does_not_wait(office: Database):
    create_account(office, login="bu-dop", name="Người Bù Đốp", password=PASSWORD)
    for _ in range(6):
        attempt(office)
    assert attempt(office, PASSWORD, login="bu-dop") == "in as 2"


def test_an_address_that_tries_many_names_waits_and_the_others_do_not(office: Database):
    assert [attempt(office, login=f"ten-{n}") for n in range(51)] == ["refused"] * 50 + [5]
    assert attempt(office, PASSWORD) == 5
    assert attempt(office, PASSWORD, caller=Caller("203.0.113.8", secret="k")) == "in as 1"


def test_signing_in_oneself_does_not_give_the_address_its_tries_back(office: Database):
    for number in range(49):
        attempt(office, login=f"ten-{number}")
        if number % 5 == 0:
            assert attempt(office, PASSWORD) == "in as 1"
    assert [attempt(office, login="ten-50"), attempt(office, login="ten-51")] == ["refused", 5]


def test_whom_the_browser_knows_gets_in_whatever_others_try(office: Database):
    known = Caller("203.0.113.7", {1: "abc"}, "k")
    for number in range(60):
        attempt(office, after=number)
        attempt(office, login=f"ten-{number}", after=number)
    assert isinstance(attempt(office, PASSWORD, after=60), int)
    assert attempt(office, PASSWORD, caller=known, after=60) == "in as 1"
    assert isinstance(attempt(office, PASSWORD, caller=Caller("203.0.113.7", {2: "abc"}, "k"), after=60), int)


def test_a_known_browser_waits_for_itself_alone(office: Database):
    known = Caller("203.0.113.7", {1: "abc"}, "k")
    assert [attempt(office, caller=known) for _ in range(11)] == ["refused"] * 10 + [5]
    assert attempt(office, PASSWORD) == "in as 1"
    assert attempt(office, PASSWORD, caller=Caller("203.0.113.7", {1: "def"}, "k")) == "in as 1"
    assert DEVICE.free > ACCOUNT.free


def test_many_tries_at_once_gain_nothing(office: Database):
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: attempt(office), range(24)))
    assert outcomes.count("refused") == ACCOUNT.free
    assert outcomes.count(5) == 24 - ACCOUNT.free


def test_it_is_forgotten_after_a_day_and_the_table_stays_small(office: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(throttling, "MOST", 10)
    for number in range(30):
        attempt(office, login=f"ten-{number}", after=number)
    assert count(office) <= 12
    attempt(office, after=FORGOTTEN.total_seconds() + 60)
    assert count(office) == 2


def test_neither_table_nor_log_tells_a_name_or_an_address(office: Database, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "dondoc.sign-in")
    attempt(office, "mật khẩu lộ", login="mat-khau-go-nham")
    attempt(office, PASSWORD)
    with office.read() as connection:
        table = str(connection.execute(select(throttle)).all())
    told = str([(record.getMessage(), vars(record)) for record in caplog.records])
    assert [record.getMessage() for record in caplog.records] == ["not signed in", "signed in"]
    assert vars(caplog.records[1])["fields"] == {"account": 1, "by": "password"}
    for secret in ("203.0.113.7", "mat-khau-go-nham", "mật khẩu lộ", PASSWORD, "loc-ninh"):
        assert secret not in table and secret not in told


def test_the_table_tells_nothing_to_who_guesses_names_and_has_not_the_offices_key():
    """Every kind of key, and no two of them alike."""
    here, there = (Caller("203.0.113.7", {1: "abc"}, secret) for secret in ("k", "another"))
    keys = [
        [*who.counted("loc-ninh", None), *who.counted("loc-ninh", 1), *who.counted_own(1), *who.counted_asking(), *who.counted_address()]
        for who in (here, there)
    ]
    assert len(set(keys[0])) == 5 and not set(keys[0]) & set(keys[1])
    assert "secret" not in repr(here) and "203.0.113.7" not in str(keys)


def test_a_database_of_one_process_is_that_of_the_other(office: Database):
    other = Database(office.url.render_as_string(hide_password=False))
    for number in range(5):
        attempt(office if number % 2 else other)
    assert attempt(office) == attempt(other) == 5
    other.close()


def test_time_is_the_machines(office: Database):
    for _ in range(5):
        attempt(office)
    moved = Now(datetime(2030, 1, 1, tzinfo=START.tzinfo), START)
    with pytest.raises(TooMany):
        sign_in_by_password(office, "loc-ninh", PASSWORD, caller=THERE, now=moved)
