"""A forgotten password: who gets a mail, what its link does and for how long, codes on paper, and what nobody learns."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from engine.errors import InvalidFields, NotFound, Refused, TooMany
from engine.instants import Now
from models.database import Database
from models.tables import account, journal_entry, message, password_link
from notifications.hours import OfficeHours
from notifications.render import Site
from services.accounts import create_account
from services.deliver import MailRules, deliver
from services.own_sign_ins import end_others
from services.password_links import (
    CODE,
    INVITATION,
    LASTS,
    ONE_MAIL_IN,
    RESET,
    ask_for_reset,
    give,
    holder,
    new_code,
    set_by_code,
    set_by_link,
    written,
)
from services.passwords import authenticate, set_password
from services.sign_ins import open_sign_in, signed_in
from services.throttle import Caller
from tests.factories import CALENDAR, at
from tests.services.mailing import Way

DAY, OLD, NEW = date(2024, 6, 10), "con trâu đi trước", "cái cày theo sau"
SITE = Site("https://dondoc.example.vn", seal="khóa của cơ quan")
RULES = MailRules(OfficeHours(CALENDAR), SITE)
CHOSEN = {"password": NEW, "again": NEW}
HERE = Caller("10.0.0.1", secret="k")


@pytest.fixture
def office(db: Database) -> Database:
    """Three accounts: two share a mailbox, one has no password."""
    for login in ("loc-ninh", "loc-ninh-2"):
        create_account(db, login=login, name=f"Người {login}", address="Lienhe@locninh.example.vn", password=OLD)
    create_account(db, login="bam-la-vao", name="Không mật khẩu", address="khong@example.vn")
    create_account(db, login="khong-thu", name="Không địa chỉ", password=OLD)
    return db


def later(seconds: float = 0) -> Now:
    """System time goes on, business time stands."""
    return Now(at(DAY).business, at(DAY).system + timedelta(seconds=seconds))


def tokens(db: Database, now: Now | None = None) -> list[str]:
    """What the mails that leave now open."""
    way = Way()
    deliver(db, now=now or later(), transport=way, rules=RULES)
    bodies = [mail.get_body(("plain",)) for mail in way.mails]
    return [found for body in bodies if body for found in re.findall(r"https://dondoc\.example\.vn/password/(\S+)", body.get_content())]


def asked(db: Database, who: str = "loc-ninh", now: Now | None = None) -> str:
    """The token that ``who`` gets by mail."""
    assert ask_for_reset(db, who, now=now or later(), site=SITE) == 1
    (token,) = tokens(db, now)
    return token


def test_the_link_sets_a_password_once_and_ends_every_session(office: Database):
    session = open_sign_in(office, 1, later().system)
    token = asked(office)
    assert holder(office, token, later()).login == "loc-ninh"
    assert set_by_link(office, token, CHOSEN, now=later()).account_id == 1
    assert authenticate(office, "loc-ninh", NEW, DAY) == 1
    assert signed_in(office, session, later()) is None
    for use in (lambda: holder(office, token, later()), lambda: set_by_link(office, token, CHOSEN, now=later())):
        with pytest.raises(NotFound):
            use()
    with office.read() as connection:
        (entry,) = connection.execute(select(journal_entry)).all()
    assert (entry.account_id, entry.action) == (1, "change-password") and NEW not in str(entry.body) and token not in str(entry.body)


def test_of_two_at_once_one_uses_it(office: Database):
    token = asked(office)

    def use(_: int) -> bool:
        try:
            set_by_link(office, token, CHOSEN, now=later())
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [False, False, False, True]


def test_it_is_asked_for_by_name_or_by_address_and_each_account_gets_its_own(office: Database):
    assert ask_for_reset(office, " lienhe@LOCNINH.example.vn ", now=later(), site=SITE) == 2
    assert {holder(office, token, later()).login for token in tokens(office)} == {"loc-ninh", "loc-ninh-2"}


@pytest.mark.parametrize("who", ["khong-co", "khong@example.vn", "bam-la-vao", "khong-thu", "", "%", "x" * 5000])
def test_nobody_else_gets_one(office: Database, who: str):
    assert ask_for_reset(office, who, now=later(), site=SITE) == 0
    assert tokens(office) == []


def test_who_has_left_gets_none_and_a_link_of_theirs_opens_nothing(office: Database):
    token = asked(office)
    with office.write() as connection:
        connection.execute(update(account).where(account.c.id == 1).values(left_on=DAY))
    with pytest.raises(NotFound):
        holder(office, token, later())
    assert ask_for_reset(office, "loc-ninh", now=later(3600), site=SITE) == 0


def test_asking_again_and_again_brings_one_mail_and_the_newest_link_counts(office: Database):
    first = asked(office)
    assert ask_for_reset(office, "loc-ninh", now=later(60), site=SITE) == 0
    second = asked(office, now=later(ONE_MAIL_IN.total_seconds() + 1))
    with pytest.raises(NotFound):
        holder(office, first, later(301))
    assert holder(office, second, later(301)).account_id == 1


def test_it_opens_for_so_long_by_the_machines_clock(office: Database):
    assert timedelta(minutes=30) <= LASTS[RESET] <= timedelta(minutes=60) and LASTS[INVITATION] == timedelta(days=7)
    assert LASTS[CODE] == timedelta(hours=24)
    token = asked(office)
    assert holder(office, token, later(LASTS[RESET].total_seconds() - 1))
    with pytest.raises(NotFound):
        set_by_link(office, token, CHOSEN, now=later(LASTS[RESET].total_seconds()))


def test_a_bad_password_does_not_use_it_up(office: Database):
    token = asked(office)
    bad: tuple[tuple[dict[str, str], set[str]], ...] = (
        ({"password": "ngắn", "again": "ngắn"}, {"password"}),
        ({"password": NEW, "again": OLD}, {"again"}),
        ({}, {"password"}),
    )
    for form, fields in bad:
        with pytest.raises(InvalidFields) as wrong:
            set_by_link(office, token, form, now=later())
        assert set(wrong.value.problems) == fields
    assert authenticate(office, "loc-ninh", OLD, DAY) == 1
    set_by_link(office, token, CHOSEN, now=later())


def test_a_password_changed_otherwise_makes_the_link_dead(office: Database):
    token = asked(office)
    set_password(office, "loc-ninh", NEW, now=later())
    with pytest.raises(NotFound):
        holder(office, token, later())


def test_neither_database_nor_outbox_holds_what_opens(office: Database):
    token = asked(office)
    half = token.partition(".")[0]
    with office.read() as connection:
        links = str(connection.execute(select(password_link)).all())
        kept = str(connection.execute(select(message)).all())
    assert token not in links + kept and half not in links
    for guess in (half, f"{half}.", f"{half}.{'0' * 43}"):
        with pytest.raises(NotFound):
            holder(office, guess, later())


def test_a_mail_that_comes_too_late_does_not_leave(office: Database):
    ask_for_reset(office, "loc-ninh", now=later(), site=SITE)
    down = deliver(office, now=later(), transport=Way(down="no server"), rules=RULES)
    assert down.waiting == 1
    assert tokens(office, later(LASTS[RESET].total_seconds())) == []
    with office.read() as connection:
        assert tuple(connection.execute(select(message.c.state, message.c.reason)).one()) == ("cancelled", "link-over")


def test_it_leaves_at_night_and_on_days_off(office: Database):
    night = Now(at(date(2024, 6, 9), 2).business, later().system)
    ask_for_reset(office, "loc-ninh", now=night, site=SITE)
    assert len(tokens(office, night)) == 1


def coded(db: Database, login_id: int = 1) -> str:
    code = new_code()
    with db.write() as connection:
        give(connection, login_id, CODE, code, made_by=9, now=later())
    return code


@pytest.mark.parametrize("copied", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "])
def test_a_code_from_paper_works_however_it_is_copied(office: Database, copied):
    code = coded(office)
    assert re.fullmatch(r"([A-Z2-9]{5}-){3}[A-Z2-9]{5}", code) and written(copied(code)) == code
    form = {"login": "loc-ninh", "code": copied(code), **CHOSEN}
    assert set_by_code(office, form, caller=HERE, now=later()).account_id == 1
    assert authenticate(office, "loc-ninh", NEW, DAY) == 1
    with pytest.raises(Refused):
        set_by_code(office, form, caller=HERE, now=later())


def test_a_code_opens_its_own_account_alone_and_a_link_is_no_code(office: Database):
    code, token = coded(office), asked(office, "loc-ninh-2")
    answers = set()
    for login, given in (("loc-ninh-2", code), ("khong-co", code), ("loc-ninh", "AAAAA-BBBBB-CCCCC-DDDDD"), ("loc-ninh-2", token)):
        with pytest.raises(Refused) as no:
            set_by_code(office, {"login": login, "code": given, **CHOSEN}, caller=HERE, now=later())
        answers.add(no.value.text.vi)
    assert len(answers) == 1
    assert set_by_code(office, {"login": "loc-ninh", "code": code, **CHOSEN}, caller=HERE, now=later()).account_id == 1


def test_codes_cannot_be_tried_for_long(office: Database):
    code = coded(office)
    for _ in range(5):
        with pytest.raises(Refused):
            set_by_code(office, {"login": "loc-ninh", "code": "SAI"}, caller=HERE, now=later())
    with pytest.raises(TooMany):
        set_by_code(office, {"login": "loc-ninh", "code": code, **CHOSEN}, caller=HERE, now=later())
    assert set_by_code(office, {"login": "loc-ninh", "code": code, **CHOSEN}, caller=HERE, now=later(5)).account_id == 1


def test_a_code_too_expires(office: Database):
    code = coded(office)
    with pytest.raises(Refused):
        set_by_code(office, {"login": "loc-ninh", "code": code, **CHOSEN}, caller=HERE, now=later(LASTS[CODE].total_seconds()))
    assert end_others(office, 1, "") == 0
