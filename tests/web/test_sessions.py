"""Sessions in the browser: their cookie, a new token at each sign-in, where one is signed in, and everything that ends one."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from models import people
from models.database import Database
from models.tables import account
from services.own_sign_ins import end_others
from services.sign_ins import SEEN_EVERY, open_sign_in, signed_in
from tests.factories import at
from tests.web.office import DAY, PASSWORD, Browser, Office, words
from web.devices import device_of
from wiring.settings import Settings

HOME = "/preferences/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/604.1"


def with_settings(office: Office, **settings: Any) -> Office:
    """The office under other settings."""
    object.__setattr__(office.context, "settings", Settings(_env_file=None, data=office.folder, **settings))
    return office


def by_password(office: Office, **form: str) -> tuple[Browser, httpx.Response]:
    browser = office.browser()
    return browser, browser.post("/sign-in", login="co-mat-khau", password=PASSWORD, **form)


def still_in(browser: Browser) -> bool:
    return browser.get("/preferences").status_code == 200


@pytest.mark.parametrize("how", ["scheme", "setting"])
def test_behind_https_the_cookie_is_the_hosts_own(office: Office, how: str):
    if how == "setting":
        with_settings(office, base_url="https://dondoc.example.vn")
    browser = office.browser()
    browser.client.base_url = httpx.URL("https://dondoc.test")
    cookie = browser.post("/sign-in", account="huyen-01").headers["set-cookie"]
    assert cookie.startswith("__Host-dondoc_8000=")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert still_in(browser)
    browser.client.cookies.set("dondoc_8000", browser.client.cookies.pop("__Host-dondoc_8000"), domain="dondoc.test")
    assert not still_in(browser)


def test_over_plain_http_the_cookie_carries_the_port_and_no_prefix(office: Office):
    cookie = office.browser().post("/sign-in", account="huyen-01").headers["set-cookie"]
    assert cookie.startswith("dondoc_8000=") and "Secure" not in cookie
    other = with_settings(office, port=9000).browser().post("/sign-in", account="huyen-01").headers["set-cookie"]
    assert other.startswith("dondoc_9000=")


@pytest.mark.parametrize("way", ["page", "api"])
def test_signing_in_gives_a_new_token_and_the_one_before_is_dead(office: Office, way: str):
    browser, _ = by_password(office)
    planted = browser.client.cookies["dondoc_8000"]
    if way == "page":
        browser.post("/sign-in", login="co-mat-khau", password=PASSWORD)
    else:
        browser.api("POST", "/session", json={"login": "co-mat-khau", "password": PASSWORD})
    assert browser.client.cookies["dondoc_8000"] != planted
    assert signed_in(office.db, planted, at(DAY)) is None
    assert still_in(browser)


def test_a_failed_sign_in_leaves_the_session_alone(office: Office):
    browser, _ = by_password(office)
    assert browser.post("/sign-in", login="co-mat-khau", password="sai").status_code == 403
    assert still_in(browser)


def test_one_sees_where_one_is_signed_in(office: Office):
    here, there = office.browser("huyen-01", **{"User-Agent": FIREFOX}), office.browser("huyen-01", **{"User-Agent": PHONE})
    office.browser("huyen-02", **{"User-Agent": EDGE})
    page = here.get(HOME)
    assert "Firefox · Linux Trình duyệt này" in words(page)
    assert "Chrome · Android" in words(page) and "Edge" not in words(page)
    assert there.client.cookies["dondoc_8000"] not in page.text
    there.post("/language", language="en")
    assert "Where you are signed in" in words(there.get(HOME))


def test_ending_one_ends_that_one(office: Office):
    here, there = office.browser("huyen-01"), office.browser("huyen-01")
    (mark,) = re.findall(r'name="session" value="([^"]+)"', here.get(HOME).text)
    stranger = office.browser("huyen-02")
    assert stranger.post(f"{HOME}/end", session=mark).status_code == 404
    assert still_in(there)
    answer = here.post(f"{HOME}/end", session=mark)
    assert "Đã đăng xuất thiết bị đó." in words(here.get(answer.headers["location"]))
    assert still_in(here) and not still_in(there)
    assert here.post(f"{HOME}/end", session=mark).status_code == 404


def test_ending_all_others_keeps_this_one_and_other_people(office: Office):
    here, others = office.browser("huyen-01"), [office.browser("huyen-01") for _ in range(3)]
    stranger = office.browser("huyen-02")
    assert here.post(f"{HOME}/end-others").headers["location"] == f"{HOME}?did=sessions-ended"
    assert still_in(here) and still_in(stranger) and not any(map(still_in, others))
    assert "Đăng xuất mọi thiết bị khác" not in words(here.get(HOME))


def test_who_is_disabled_or_leaves_is_signed_out_at_once(office: Office):
    for change in ({"active": False}, {"left_on": DAY}):
        browser = office.browser("huyen-02")
        with office.db.write() as connection:
            person = people.by_login(connection, "huyen-02")
            assert person
            connection.execute(account.update().where(account.c.id == person.id).values(**change))
        assert browser.get("/preferences").status_code == 303
        with office.db.write() as connection:
            connection.execute(account.update().where(account.c.id == person.id).values(active=True, left_on=None))


def test_limits_are_settings(office: Office):
    with_settings(office, session_idle_hours=1, session_longest_hours=2)
    browser, answer = by_password(office)
    assert "Max-Age=7200" in answer.headers["set-cookie"]
    with office.db.write() as connection:
        connection.exec_driver_sql("UPDATE sign_in SET seen_at = ?", ((at(DAY).system - timedelta(minutes=61)).isoformat(" "),))
    assert not still_in(browser)


def test_a_long_session_is_offered_only_where_the_office_allows_it(office: Office):
    assert 'name="stay"' not in office.browser().get("/sign-in").text
    _, answer = by_password(office, stay="yes")
    assert "Max-Age=604800" in answer.headers["set-cookie"]
    with_settings(office, trusted_phone_days=30)
    assert "Giữ đăng nhập 30 ngày trên điện thoại riêng của tôi" in words(office.browser().get("/sign-in"))
    browser, answer = by_password(office, stay="yes")
    assert "Max-Age=2592000" in answer.headers["set-cookie"]
    assert "Giữ đăng nhập lâu, điện thoại riêng" in words(browser.get(HOME))
    _, answer = by_password(office)
    assert "Max-Age=604800" in answer.headers["set-cookie"]


def test_the_tick_comes_back_with_a_wrong_password(office: Office):
    with_settings(office, trusted_phone_days=30)
    answer = office.browser().post("/sign-in", login="co-mat-khau", password="sai", stay="yes")
    assert 'name="stay" value="yes" checked' in answer.text


def test_sessions_that_ended_are_forgotten_when_somebody_signs_in(sqlite: Database, tmp_path: Path):
    office = Office(sqlite, tmp_path)
    start = at(DAY).system
    old = open_sign_in(office.db, 1, start - timedelta(days=8))
    kept = open_sign_in(office.db, 1, start - SEEN_EVERY)
    open_sign_in(office.db, 1, start)
    with office.db.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sign_in").scalar_one() == 2
    assert signed_in(office.db, old, at(DAY)) is None and signed_in(office.db, kept, at(DAY)) is not None
    assert end_others(office.db, 1, kept) == 1
    office.close()


def test_a_browser_in_words():
    assert [device_of(text) for text in (FIREFOX, PHONE, EDGE, IPHONE, "curl/8.5", "")] == [
        "Firefox · Linux", "Chrome · Android", "Edge · Windows", "Safari · iPhone", "curl", "",
    ]  # fmt: skip
