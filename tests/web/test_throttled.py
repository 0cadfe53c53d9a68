"""Too many wrong passwords: a page and an answer that say how long to wait, the browser that is known, addresses behind proxies."""

from __future__ import annotations

import httpx
import pytest

from services.accounts import create_account
from tests.web.office import PASSWORD, Browser, Office, words
from web.caller import network_of
from web.proxies import OnlyProxies
from wiring.exposure import LOOPBACK


def wrong(browser: Browser, times: int, login: str = "co-mat-khau") -> httpx.Response:
    """The answer to the last of so many wrong passwords."""
    answers = [browser.post("/sign-in", login=login, password="sai") for _ in range(times)]
    return answers[-1]


def right(browser: Browser, **headers: str) -> int:
    form = {"login": "co-mat-khau", "password": PASSWORD}
    return browser.send("POST", "/sign-in", data=form, headers=headers).status_code


def test_the_page_says_how_long_to_wait(office: Office):
    answer = wrong(office.browser(), 6)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "5")
    assert "Đã thử sai nhiều lần. Hãy thử lại sau 5 giây." in words(answer)
    assert 'value="co-mat-khau"' in answer.text and 'id="login-e"' in answer.text
    visitor = office.browser()
    visitor.post("/language", language="en")
    answer = wrong(visitor, 1)
    assert answer.status_code == 429 and "Too many wrong tries. Try again in 5 seconds." in words(answer)


def test_a_program_is_told_in_its_header(office: Office):
    wrong(office.browser(), 5)
    answer = office.browser().send("POST", "/api/v1/session", json={"login": "co-mat-khau", "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (429, "5", "too-many")


def test_the_real_person_gets_in_by_the_browser_that_is_known(office: Office):
    mine, stranger = office.browser(), office.browser()
    cookie = mine.post("/sign-in", login="co-mat-khau", password=PASSWORD).headers.get_list("set-cookie")[1]
    assert "_device_" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    mine.post("/sign-out")
    assert wrong(stranger, 8).status_code == 429
    assert right(stranger) == 429
    assert right(mine) == 303


def device_cookie(office: Office, login: str) -> tuple[str, str]:
    """Name and value of the device cookie that ``login`` gets."""
    browser = office.browser()
    browser.post("/sign-in", login=login, password=PASSWORD)
    return next((name, value) for name, value in browser.client.cookies.items() if "_device_" in name)


@pytest.mark.parametrize("spoil", ["nonce", "account", "signature"])
def test_a_device_cookie_of_ones_own_making_is_none(office: Office, spoil: str):
    create_account(office.db, login="khac", name="Người khác", password=PASSWORD)
    name, value = device_cookie(office, "co-mat-khau")
    nonce, _, signature = value.partition(".")
    forged = {
        "nonce": f"{nonce}x.{signature}",
        "signature": f"{nonce}.{signature[:-1]}{'0' if signature[-1] != '0' else '1'}",
        "account": device_cookie(office, "khac")[1],
    }
    stranger = office.browser()
    stranger.client.cookies.set(name, forged[spoil], domain="dondoc.test")
    wrong(office.browser(), 5)
    assert right(stranger) == 429


def test_a_click_of_the_demonstration_makes_no_browser_known(office: Office):
    assert "_device_" not in str(office.browser().post("/sign-in", account="huyen-01").headers.get_list("set-cookie"))


def test_the_form_that_changes_a_password_slows_down_too(office: Office):
    browser = office.browser()
    browser.post("/sign-in", login="co-mat-khau", password=PASSWORD)
    form = {"present": "sai", "password": "con trâu đi trước", "again": "con trâu đi trước"}
    answers = [browser.post("/preferences/password", **form).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize("behind_a_proxy", [True, False])
def test_whom_a_trusted_proxy_names_is_counted_and_nobody_elses_word_is_taken(office: Office, behind_a_proxy: bool):
    if behind_a_proxy:
        office.app = OnlyProxies(office.app, LOOPBACK)  # type: ignore[assignment]
    browser = office.browser()
    for number in range(50):
        form = {"login": f"ten-{number}", "password": "sai"}
        browser.send("POST", "/sign-in", data=form, headers={"X-Forwarded-For": "203.0.113.7"})
    assert right(browser, **{"X-Forwarded-For": "203.0.113.7"}) == 429
    assert right(browser, **{"X-Forwarded-For": "9.9.9.9, 203.0.113.7"}) == 429, "what a client wrote itself stands before"
    assert right(browser, **{"X-Forwarded-For": "203.0.113.8"}) == (303 if behind_a_proxy else 429)


def test_one_subscriber_is_one_address():
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::2") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:203.0.113.7") == network_of("203.0.113.7") != network_of("203.0.113.8")
    assert network_of("testclient") == "testclient"
