"""A second factor is its owner's: nobody else's code counts, no password stands in for it, and a deputy takes it off nobody."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from engine.errors import Refused
from models.tables import recovery_code
from services.accounts import actor_of, id_of
from services.second_factor_setup import take_off
from tests.web.office import PASSWORD
from tests.web.test_second_factor import LOGIN, Phone, is_in, password, phone, set_up

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


def test_who_stands_in_for_an_administrator_does_not_take_it_off(phone: Phone):
    browser, _ = set_up(phone)
    db = phone.office.db
    stands_in = replace(actor_of(db, id_of(db, "quan-tri")), account_id=id_of(db, "mttq"), represented_id=id_of(db, "quan-tri"))
    with pytest.raises(Refused):
        take_off(db, stands_in, id_of(db, LOGIN), now=phone.now())
    assert is_in(browser)
