"""A second factor is its owner's: nobody else's code counts, no password stands in for it, and a deputy takes it off nobody."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from engine.errors import Refused
from models.tables import recovery_code
from services.accounts import actor_of, id_of
from services.password_links import CODE, give, new_code
from services.passwords import set_password
from services.second_factor_setup import take_off
from tests.web.office import PASSWORD
from tests.web.test_second_factor import HOME, LOGIN, Phone, is_in, password, phone, set_up

__all__ = ["phone"]


def test_a_recovery_code_of_somebody_else_opens_nothing(phone: Phone):
    _, codes = set_up(phone)
    with phone.office.db.write() as connection:
        connection.execute(update(recovery_code).values(account_id=id_of(phone.office.db, "huyen-01")))
    browser, _ = password(phone.office)
    assert browser.post("/sign-in/code", code=codes[0]).status_code == 403 and not is_in(browser)


def test_who_has_the_factor_proves_themselves_by_it_and_not_by_the_password(phone: Phone):
    browser, _ = set_up(phone)
    assert browser.api("POST", "/session/proof", json={"proof": PASSWORD}).status_code == 422
    assert browser.api("POST", "/session/proof", json={"proof": phone.code()}).status_code == 204


@pytest.mark.parametrize("by", ["code", "operator"])
def test_a_new_password_takes_it_off_nobody(phone: Phone, by: str):
    """Neither passes by the other: a lost factor is taken off by an administrator alone."""
    set_up(phone)
    db, new = phone.office.db, "con trâu đi trước cái cày"
    if by == "code":
        code = new_code()
        with db.write() as connection:
            give(connection, id_of(db, LOGIN), CODE, code, made_by=1, now=phone.now())
        form = {"login": LOGIN, "code": code, "password": new, "again": new}
        assert phone.office.browser().post("/password/code", **form).status_code == 303
    else:
        set_password(db, LOGIN, new, now=phone.now())
    browser = phone.office.browser()
    assert browser.post("/sign-in", login=LOGIN, password=new).headers["location"] == "/sign-in/code" and not is_in(browser)
    assert browser.post("/sign-in/code", code=phone.code()).status_code == 303 and is_in(browser)


def test_the_key_has_160_bits_and_every_one_is_another(phone: Phone):
    keys = []
    for _ in range(2):
        browser, _ = set_up(phone)
        keys.append(phone.key)
        assert browser.post(f"{HOME}/off", code=phone.code()).status_code == 303
    assert [len(key) for key in keys] == [32, 32] and keys[0] != keys[1]


def test_who_stands_in_for_an_administrator_does_not_take_it_off(phone: Phone):
    browser, _ = set_up(phone)
    db = phone.office.db
    stands_in = replace(actor_of(db, id_of(db, "quan-tri")), account_id=id_of(db, "mttq"), represented_id=id_of(db, "quan-tri"))
    with pytest.raises(Refused):
        take_off(db, stands_in, id_of(db, LOGIN), now=phone.now())
    assert is_in(browser)
