"""The pages of a forgotten password: the same answer for everybody, looking uses nothing up, what is wrong at its field."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from models.tables import account, message, password_link
from services.accounts import create_account
from services.deliver import deliver
from services.password_links import CODE, give, new_code
from tests.factories import CALENDAR, at
from tests.services.mailing import Way
from tests.web.office import DAY, PASSWORD, Office, words
from wiring.mail import mail_rules
from wiring.settings import Settings

NEW = "con trâu đi trước cái cày"


@pytest.fixture
def with_address(office: Office) -> Office:
    """The account with a password has a mail address."""
    with office.db.write() as connection:
        connection.execute(update(account).where(account.c.login == "co-mat-khau").values(address="huyen3@example.vn"))
    return office


def link(office: Office) -> str:
    """The path of the link in the mail that leaves."""
    way = Way()
    deliver(office.db, now=at(DAY), transport=way, rules=mail_rules(office.context.settings, CALENDAR))
    (mail,) = way.mails
    body = mail.get_body(("plain",))
    assert body
    found = re.search(r"http://127\.0\.0\.1:8000(/password/\S+)", body.get_content())
    assert found
    return found[1]


def test_everybody_gets_the_same_answer(with_address: Office):
    answers = []
    for who in ("co-mat-khau", "huyen3@example.vn", "khong-co", "huyen-01", "<script>"):
        answer = with_address.browser().post("/password/forgot", who=who)
        assert answer.status_code == 200 and "Nếu có tài khoản như vậy" in words(answer)
        answers.append(answer.text)
    assert len(set(answers)) == 1
    with with_address.db.read() as connection:
        assert len(connection.execute(select(message).where(message.c.kind == "password-reset")).all()) == 1


def test_the_way_back_in(with_address: Office):
    there = with_address.browser()
    there.post("/sign-in", login="co-mat-khau", password=PASSWORD)
    browser = with_address.browser()
    assert "/password/forgot" in browser.get("/sign-in").text
    browser.post("/password/forgot", who="co-mat-khau")
    path = link(with_address)
    for _ in range(3):
        page = browser.get(path)
        assert page.status_code == 200 and "co-mat-khau" in words(page)
        assert page.headers["referrer-policy"] == "no-referrer"
    answer = browser.post(path, password=NEW, again=NEW)
    assert answer.headers["location"] == "/sign-in?did=password-set" and "_device_" in answer.headers["set-cookie"]
    assert "Đã đặt mật khẩu. Mời đăng nhập." in words(browser.get(answer.headers["location"]))
    assert there.get("/preferences").status_code == 303
    assert browser.post("/sign-in", login="co-mat-khau", password=NEW).status_code == 303
    for dead in (browser.get(path), browser.post(path, password=NEW, again=NEW)):
        assert dead.status_code == 404 and "Liên kết này đã dùng" in words(dead)


def test_what_is_wrong_stands_at_its_field_and_no_password_comes_back(with_address: Office):
    browser = with_address.browser()
    browser.post("/password/forgot", who="co-mat-khau")
    path = link(with_address)
    answer = browser.post(path, password="quá ngắn", again="khác nữa")
    assert answer.status_code == 422 and 'id="s-password-e"' in answer.text and 'id="s-again-e"' in answer.text
    assert "quá ngắn" not in answer.text and "khác nữa" not in answer.text
    assert browser.post(path, password=NEW, again=NEW).status_code == 303


def test_nothing_typed_is_said_and_nothing_leaves(with_address: Office):
    answer = with_address.browser().post("/password/forgot", who=" ")
    assert answer.status_code == 422 and 'id="s-who-e"' in answer.text


def test_asking_for_many_mails_slows_down(with_address: Office):
    browser = with_address.browser()
    answers = [browser.post("/password/forgot", who=f"ten-{n}") for n in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[-1].headers["retry-after"] == "5"


def test_where_no_mail_is_sent_one_is_sent_to_the_administrator(real_office: Office):
    page = real_office.browser().get("/password/forgot")
    assert "Xin quản trị hệ thống một mã dùng một lần." in words(page) and 'name="who"' not in page.text
    assert real_office.browser().post("/password/forgot", who="co-mat-khau").status_code == 422
    with real_office.db.read() as connection:
        assert connection.execute(select(password_link)).all() == []
    object.__setattr__(real_office.context, "settings", Settings(_env_file=None, data=real_office.folder, smtp_host="mail.example.vn"))
    assert 'name="who"' in real_office.browser().get("/password/forgot").text


def test_a_code_opens_by_its_page(office: Office):
    account_id, code = create_account(office.db, login="moi", name="Người mới"), new_code()
    with office.db.write() as connection:
        give(connection, account_id, CODE, code, made_by=1, now=at(DAY))
    browser = office.browser()
    wrong = browser.post("/password/code", login="moi", code="SAI", password=NEW, again=NEW)
    assert wrong.status_code == 403 and 'id="s-code-e"' in wrong.text and 'value="moi"' in wrong.text
    assert browser.post("/password/code", login="moi", code=code.lower(), password="ngắn", again="ngắn").status_code == 422
    assert browser.post("/password/code", login="moi", code=code, password=NEW, again=NEW).status_code == 303
    assert browser.post("/sign-in", login="moi", password=NEW).status_code == 303


def test_a_request_is_logged_without_its_token(with_address: Office, caplog: pytest.LogCaptureFixture):
    browser = with_address.browser()
    browser.post("/password/forgot", who="co-mat-khau")
    path = link(with_address)
    caplog.set_level("INFO")
    browser.get(path)
    browser.post(path, password=NEW, again=NEW)
    told = str([vars(record) for record in caplog.records if record.name.startswith("dondoc")])
    assert "/password/{link}" in told and path.rpartition("/")[2] not in told and NEW not in told
