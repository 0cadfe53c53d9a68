"""Signing in with a second factor: set up, asked for, taken once, slowed, required by role, taken off."""

import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from pyotp import TOTP
from sqlalchemy import select

from engine.instants import Now
from models.database import Database
from models.tables import journal_entry, recovery_code, second_factor
from services.accounts import id_of
from tests.factories import at
from tests.web.office import DAY, PASSWORD, Browser, Office, words
from wiring.context import AppContext
from wiring.settings import Settings

HOME = "/preferences/second-factor"
LOGIN = "co-mat-khau"


class Phone:
    """An office whose clock a test moves, and the telephone of somebody who works there."""

    def __init__(self, office: Office) -> None:
        self.office, self.key, self.moved = office, "", timedelta(0)
        object.__setattr__(office.context, "now", self.now)

    def now(self) -> Now:
        present = at(DAY)
        return Now(present.business, present.system + self.moved)

    def wait(self, seconds: int) -> None:
        """Let the machine's clock run on."""
        self.moved += timedelta(seconds=seconds)

    def code(self, off: int = 0) -> str:
        """What the telephone shows, its clock ``off`` seconds wrong."""
        return TOTP(self.key).at(int(self.now().system.timestamp()) + off)


@pytest.fixture
def phone(office: Office) -> Phone:
    return Phone(office)


def password(office: Office) -> tuple[Browser, httpx.Response]:
    """A browser that has given the right password."""
    browser = office.browser()
    return browser, browser.post("/sign-in", login=LOGIN, password=PASSWORD)


def set_up(phone: Phone) -> tuple[Browser, list[str]]:
    """The factor is on: the browser that turned it on, and the recovery codes. The code that confirmed it is of a while ago."""
    browser, _ = password(phone.office)
    browser.post(f"{HOME}/begin")
    key = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', browser.get(HOME).text)
    assert key
    phone.key = key[1].replace(" ", "")
    answer = browser.post(f"{HOME}/confirm", code=phone.code(), present=PASSWORD)
    codes = re.findall(r"<code>(\w{4}-\w{4}-\w{4})</code>", answer.text)
    assert answer.status_code == 200 and len(codes) == 10, words(answer)
    phone.wait(60)
    return browser, codes


def is_in(browser: Browser) -> bool:
    return browser.get("/").status_code == 200


def test_the_code_is_asked_for_after_the_password(phone: Phone):
    set_up(phone)
    browser, answer = password(phone.office)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
    assert not is_in(browser) and "Mã sáu số" in words(browser.get("/sign-in/code"))
    assert browser.post("/sign-in/code", code=phone.code()).headers["location"] == "/"
    assert is_in(browser)


def test_where_one_wanted_to_go_is_kept_and_nobody_is_sent_elsewhere(phone: Phone):
    set_up(phone)
    browser = phone.office.browser()
    answer = browser.post("/sign-in", login=LOGIN, password=PASSWORD, next="/overdue?x=1")
    assert answer.headers["location"] == "/sign-in/code?next=%2Foverdue%3Fx%3D1"
    assert 'name="next" value="/overdue?x=1"' in browser.get(answer.headers["location"]).text
    assert browser.post("/sign-in/code", code=phone.code(), next="https://evil.example/").headers["location"] == "/"


def test_no_code_is_taken_twice_nor_an_older_one(phone: Phone):
    set_up(phone)
    code, older = phone.code(), phone.code(-30)
    first, _ = password(phone.office)
    assert first.post("/sign-in/code", code=code).status_code == 303
    for again in (code, older):
        second, _ = password(phone.office)
        answer = second.post("/sign-in/code", code=again)
        assert answer.status_code == 403 and not is_in(second) and 'id="code-e"' in answer.text
    phone.wait(30)
    assert second.post("/sign-in/code", code=phone.code()).status_code == 303


@pytest.mark.parametrize(("off", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_period_wrong(phone: Phone, off: int, good: bool):
    set_up(phone)
    phone.wait(600)
    browser, _ = password(phone.office)
    assert (browser.post("/sign-in/code", code=phone.code(off)).status_code == 303) is good


def test_the_code_that_confirmed_it_signs_nobody_in(phone: Phone):
    set_up(phone)
    phone.wait(-60)
    browser, _ = password(phone.office)
    assert browser.post("/sign-in/code", code=phone.code()).status_code == 403


def test_a_recovery_code_stands_in_once_however_it_is_typed_and_is_journaled(phone: Phone):
    _, codes = set_up(phone)
    browser, _ = password(phone.office)
    assert browser.post("/sign-in/code", code=f" {codes[0].replace('-', ' ').upper()} ").status_code == 303 and is_in(browser)
    other, _ = password(phone.office)
    assert other.post("/sign-in/code", code=codes[0]).status_code == 403
    assert "Còn 9 mã dự phòng chưa dùng" in words(browser.get(HOME))
    with phone.office.db.read() as connection:
        bodies = connection.execute(select(journal_entry.c.body).where(journal_entry.c.action == "use-recovery-code")).scalars().all()
    assert [body["account"] for body in bodies] == [id_of(phone.office.db, LOGIN)] and codes[0] not in str(bodies)


def test_trying_gets_slower_and_only_for_who_knows_the_password(phone: Phone):
    set_up(phone)
    browser, _ = password(phone.office)
    for _ in range(5):
        assert "Mã không đúng" in words(browser.post("/sign-in/code", code="000000"))
    answer = browser.post("/sign-in/code", code=phone.code())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60") and "thử lại sau" in words(answer)
    phone.wait(61)
    assert "Mã không đúng" in words(browser.post("/sign-in/code", code="000000"))
    phone.wait(61)
    assert browser.post("/sign-in/code", code=phone.code()).headers["retry-after"] == "59"
    phone.wait(60)
    assert browser.post("/sign-in/code", code=phone.code()).status_code == 303
    stranger = phone.office.browser()
    for _ in range(6):
        stranger.post("/sign-in/code", code="000000")
    phone.wait(60)
    assert password(phone.office)[0].post("/sign-in/code", code=phone.code()).status_code == 303


def test_after_ten_minutes_one_starts_again(phone: Phone):
    set_up(phone)
    browser, _ = password(phone.office)
    phone.wait(601)
    answer = browser.post("/sign-in/code", code=phone.code())
    assert answer.headers["location"] == "/sign-in?did=code-too-late" and not is_in(browser)
    assert browser.get("/sign-in/code").headers["location"] == "/sign-in?did=code-too-late"


def test_a_token_of_the_second_step_is_spent_with_its_code(phone: Phone):
    set_up(phone)
    browser, _ = password(phone.office)
    stolen = dict(browser.client.cookies)
    assert browser.post("/sign-in/code", code=phone.code()).status_code == 303
    phone.wait(60)
    thief = phone.office.browser()
    thief.client.cookies.update({name: value for name, value in stolen.items() if name.endswith("_code")})
    assert thief.send("POST", "/sign-in/code", data={"code": phone.code()}).headers["location"].startswith("/sign-in?")
    assert not is_in(thief)


def test_the_secret_is_sealed_and_codes_are_hashes(phone: Phone, tmp_path: Path):
    _, codes = set_up(phone)
    with phone.office.db.read() as connection:
        rows = str(connection.execute(select(second_factor)).all()) + str(connection.execute(select(recovery_code)).all())
        rows += str(connection.execute(select(journal_entry)).all())
    assert phone.key not in rows and not any(code in rows or code.replace("-", "") in rows for code in codes)
    guessed = [sha256(text.encode()).hexdigest() for code in codes for text in (code, code.replace("-", ""))]
    assert not any(digest in rows for digest in guessed), "a hash without the office's key can be tried elsewhere"
    other = Settings(_env_file=None, data=tmp_path, secret_key="another key altogether")
    object.__setattr__(phone.office.context, "settings", other)
    browser, _ = password(phone.office)
    assert browser.post("/sign-in/code", code=phone.code()).status_code == 503


def test_a_secret_moved_to_another_account_does_not_open(phone: Phone):
    set_up(phone)
    with phone.office.db.write() as connection:
        other = id_of(phone.office.db, "huyen-01")
        row = connection.execute(select(second_factor)).mappings().one()
        connection.execute(second_factor.insert(), {**row, "account_id": other})
    browser = phone.office.browser()
    assert browser.post("/sign-in", account="huyen-01").headers["location"] == "/sign-in/code"
    assert browser.post("/sign-in/code", code=phone.code()).status_code == 503 and not is_in(browser)


def test_turning_it_on_asks_for_code_and_password_and_ends_other_sessions(phone: Phone):
    here, there = password(phone.office)[0], password(phone.office)[0]
    here.post(f"{HOME}/begin")
    answer = here.post(f"{HOME}/confirm", code="123", present="sai")
    assert answer.status_code == 422 and 'href="#factor-code"' in answer.text and 'href="#factor-present"' in answer.text
    browser, _ = set_up(phone)
    assert is_in(browser) and not is_in(there)
    assert browser.post(f"{HOME}/begin").status_code == 403


def test_the_picture_is_ours_and_says_what_the_telephone_needs(phone: Phone):
    browser, _ = password(phone.office)
    browser.post(f"{HOME}/begin")
    page = browser.get(HOME)
    assert "<svg" in page.text and "http" not in "".join(re.findall(r'(?:src|href)="([^"]*)"', page.text)) and "style=" not in page.text


def test_turning_it_off_asks_for_a_code(phone: Phone):
    browser, codes = set_up(phone)
    assert browser.post(f"{HOME}/off", code="000000").status_code == 403
    assert browser.post(f"{HOME}/off", code=phone.code()).status_code == 303
    assert password(phone.office)[1].headers["location"] == "/"
    with phone.office.db.read() as connection:
        assert connection.execute(select(recovery_code)).all() == []
    assert codes


def test_new_recovery_codes_for_a_code_and_the_former_are_worth_nothing(phone: Phone):
    browser, codes = set_up(phone)
    assert browser.post(f"{HOME}/codes", code="000000").status_code == 403
    fresh = re.findall(r"<code>(\w{4}-\w{4}-\w{4})</code>", browser.post(f"{HOME}/codes", code=phone.code()).text)
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    for code, status in ((codes[1], 403), (fresh[1], 303)):
        assert password(phone.office)[0].post("/sign-in/code", code=code).status_code == status


def test_an_administrator_takes_it_off_others_and_the_journal_says_so(phone: Phone):
    browser, _ = set_up(phone)
    office, account = phone.office, id_of(phone.office.db, LOGIN)
    for login in ("thuong-truc", "huyen-01"):
        assert office.browser(login).post(f"/people/{account}/second-factor-off").status_code == 403
    admin = office.browser("quan-tri")
    assert "Tắt cho Có mật khẩu" in words(admin.get("/people"))
    assert admin.post(f"/people/{account}/second-factor-off").status_code == 303
    assert not is_in(browser) and password(office)[1].headers["location"] == "/"
    assert admin.post(f"/people/{account}/second-factor-off").status_code == 403
    assert admin.post("/people/999/second-factor-off").status_code == 404
    with office.db.read() as connection:
        (body,) = connection.execute(select(journal_entry.c.body).where(journal_entry.c.action == "second-factor-off")).scalars()
    assert (body["account"], body["facts"][0]["account"]) == (id_of(office.db, "quan-tri"), account)
    assert admin.post(f"/people/{id_of(office.db, 'quan-tri')}/second-factor-off").status_code == 403


def test_the_api_asks_for_the_code_too(phone: Phone):
    set_up(phone)
    body = {"login": LOGIN, "password": PASSWORD}
    browser = phone.office.browser()
    for more, code in (({}, "second-factor"), ({"code": "000000"}, "second-factor-wrong")):
        answer = browser.send("POST", "/api/v1/session", json={**body, **more})
        assert (answer.status_code, answer.json()["code"]) == (403, code) and not browser.client.cookies
    assert browser.send("POST", "/api/v1/session", json={**body, "code": phone.code()}).status_code == 200
    assert is_in(browser)
    wrong = phone.office.browser().send("POST", "/api/v1/session", json={"login": LOGIN, "password": "sai", "code": phone.code()})
    assert wrong.json()["code"] == "sign-in"


@pytest.fixture
def strict(sqlite: Database, tmp_path: Path) -> Iterator[Phone]:
    """An office that requires it of the standing agency."""
    office = Office(sqlite, tmp_path)
    context: AppContext = office.context
    object.__setattr__(context, "settings", Settings(_env_file=None, data=tmp_path, second_factor_roles="agency"))
    yield Phone(office)
    office.close()


def test_who_must_have_it_sees_nothing_else_until_then(strict: Phone):
    browser = strict.office.browser("thuong-truc")
    for path in ("/", "/overview", "/preferences", "/preferences/tokens"):
        assert browser.get(path).headers.get("location") == HOME, path
    step = strict.office.step_id("ke-hoach")
    refused = browser.api("POST", f"/steps/{step}/actions/comment", json={"payload": {"text": "x"}})
    assert (refused.status_code, refused.json()["code"]) == (403, "second-factor-required")
    assert browser.post("/preferences/tokens", name="x", scopes=["read"], days="3").headers["location"] == HOME
    assert "Cơ quan yêu cầu" in words(browser.get(HOME))
    assert is_in(strict.office.browser("huyen-01"))
    browser.post(f"{HOME}/begin")
    strict.key = re.findall(r'<code class="secret">([A-Z2-7 ]+)</code>', browser.get(HOME).text)[0].replace(" ", "")
    assert browser.post(f"{HOME}/confirm", code=strict.code()).status_code == 200 and is_in(browser)
    strict.wait(60)
    assert browser.post(f"{HOME}/off", code=strict.code()).status_code == 403
    again = strict.office.browser()
    assert again.post("/sign-in", account="thuong-truc").headers["location"] == "/sign-in/code"
    assert again.post("/sign-in/code", code=strict.code()).status_code == 303 and is_in(again)


def test_a_misspelt_role_is_refused():
    with pytest.raises(ValueError, match="agancy"):
        Settings(_env_file=None, second_factor_roles="agency, agancy")
