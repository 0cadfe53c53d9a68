"""Signing in by the office's identity provider, against a small real one on loopback that can misbehave."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select, update

from models.tables import account, identity, journal_entry, second_factor, throttle
from tests.factories import at
from tests.web.local_provider import CLIENT, SECRET, LocalProvider, local_provider
from tests.web.office import DAY, PASSWORD, Browser, Office, words
from web.app import create_app
from wiring.settings import Settings

ADDRESS = "huyen1@example.vn"
STARTS = "/sign-in/provider"


@pytest.fixture(scope="module")
def running() -> Iterator[LocalProvider]:
    with local_provider(at(DAY).system) as found:
        yield found


@pytest.fixture
def provider(running: LocalProvider) -> LocalProvider:
    """The provider as it behaves by itself; it knows huyen-01 by their verified address."""
    fresh = LocalProvider(running.at, issuer=running.home, home=running.home, addresses={"s-1": (ADDRESS, True)})
    running.__dict__.update(fresh.__dict__)
    return running


@pytest.fixture
def joined(office: Office, provider: LocalProvider) -> Office:
    """The office with that provider."""
    with office.db.write() as connection:
        connection.execute(update(account).where(account.c.login == "huyen-01").values(address=ADDRESS.title()))
    return under(office, provider)


def under(office: Office, provider: LocalProvider, **settings: Any) -> Office:
    """The office as a process with these settings serves it."""
    chosen = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, **settings}
    object.__setattr__(office.context, "settings", Settings(_env_file=None, data=office.folder, **chosen))
    office.app = create_app(office.context)
    return office


def there_and_back(browser: Browser, start: str = STARTS) -> str:
    """Go to the provider, sign in there; the path by which the provider sends the browser back."""
    leaves = browser.get(start)
    assert leaves.status_code == 303, words(leaves)
    back = urlsplit(httpx.get(leaves.headers["location"]).headers["location"])
    assert f"{back.scheme}://{back.netloc}" == "http://127.0.0.1:8000"
    return f"{back.path}?{back.query}"


def signs_in(office: Office) -> tuple[Browser, httpx.Response]:
    browser = office.browser()
    return browser, browser.get(there_and_back(browser))


def who(browser: Browser) -> str:
    return str(browser.get("/api/v1/session").json().get("login", ""))


def test_only_where_the_office_has_one_is_it_offered(office: Office, provider: LocalProvider):
    page = office.browser().get("/sign-in")
    assert STARTS not in page.text and office.browser().get(STARTS).status_code == 404
    assert office.browser().get("/sign-in/provider/return?code=x&state=y").status_code == 404
    page = under(office, provider, oidc_name="VNeID nội bộ").browser().get("/sign-in?next=%2Fsteps%2F3")
    assert "Đăng nhập bằng VNeID nội bộ" in words(page) and f'href="{STARTS}?next=/steps/3"' in page.text
    assert SECRET not in page.text and SECRET not in repr(office.context.settings)


def test_there_and_back_signs_in_and_the_subject_is_kept(joined: Office, provider: LocalProvider, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    browser = joined.browser()
    leaves = browser.get(f"{STARTS}?next=/steps/3")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(leaves.headers["location"]).query).items()}
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256" and asked["scope"] == "openid email"
    assert {"state", "nonce", "code_challenge"} <= asked.keys() and SECRET not in leaves.headers["location"]
    answer = browser.get(there_and_back(browser, f"{STARTS}?next=/steps/3"))
    assert answer.status_code == 303 and answer.headers["location"] == "/steps/3"
    cookies = answer.headers.get_list("set-cookie")
    assert any("dondoc_8000=" in c and "HttpOnly" in c and "Max-Age=604800" in c for c in cookies)
    assert any('dondoc_8000_away=""' in c for c in cookies)
    assert who(browser) == "huyen-01"
    assert browser.get(STARTS).headers["location"] == "/"
    with joined.db.read() as connection:
        kept = connection.execute(select(identity)).one()
        facts = [f["kind"] for body in connection.execute(select(journal_entry.c.body)).scalars() for f in body["facts"]]
    assert (kept.issuer, kept.subject) == (provider.issuer, "s-1") and facts.count("account.provider-linked") == 1
    assert "signed in" in caplog.messages
    told = str([vars(record) for record in caplog.records if record.name.startswith("dondoc")])
    assert not any(word in told for word in (SECRET, "s-1", ADDRESS, "code-", asked["state"]))


def test_from_then_on_the_subject_counts_and_not_the_address(joined: Office, provider: LocalProvider):
    signs_in(joined)
    provider.addresses = {"s-1": ("another@example.vn", True), "s-2": (ADDRESS, True)}
    browser, answer = signs_in(joined)
    assert answer.status_code == 303 and who(browser) == "huyen-01"
    provider.signs_in = "s-2"
    browser, answer = signs_in(joined)
    assert answer.status_code == 403 and "đã nối với người khác" in words(answer) and who(browser) == ""
    admin = joined.browser("quan-tri")
    with joined.db.read() as connection:
        (number,) = connection.execute(select(identity.c.account_id)).scalars()
    page = admin.get("/admin/accounts")
    assert page.text.count("/unlink") == 1
    assert admin.post(f"/admin/accounts/{number}/unlink").headers["location"] == "/admin/accounts?did=account-unlinked"
    browser, answer = signs_in(joined)
    assert answer.status_code == 303 and who(browser) == "huyen-01"


def test_nobody_gets_in_whom_the_office_does_not_know(joined: Office, provider: LocalProvider):
    for address, verified in ((ADDRESS, False), ("la@example.vn", True), ("", False)):
        provider.addresses = {"s-1": (address, verified)}
        browser, answer = signs_in(joined)
        assert answer.status_code == 403 and "Chưa có tài khoản nào ở đây cho bạn." in words(answer) and who(browser) == ""
    provider.addresses = {"s-1": (ADDRESS, True)}
    with joined.db.write() as connection:
        connection.execute(update(account).where(account.c.login == "huyen-02").values(address=ADDRESS))
    assert "Có nhiều tài khoản dùng địa chỉ thư của bạn." in words(signs_in(joined)[1])
    with joined.db.read() as connection:
        assert connection.execute(select(identity)).all() == []


@pytest.mark.parametrize("linked", [True, False])
def test_who_is_switched_off_or_has_left_is_told_so(joined: Office, linked: bool):
    if linked:
        signs_in(joined)
    for change in ({"active": False}, {"active": True, "left_on": DAY}):
        with joined.db.write() as connection:
            connection.execute(update(account).where(account.c.login == "huyen-01").values(**change))
        browser, answer = signs_in(joined)
        assert answer.status_code == 403 and "đã khóa hoặc đã ngừng" in words(answer) and who(browser) == ""


def test_what_the_provider_signs_is_looked_at(joined: Office, provider: LocalProvider):
    now = int(provider.at.timestamp())
    bent = {
        "nonce": lambda claims: {**claims, "nonce": "another"},
        "no nonce": lambda claims: {k: v for k, v in claims.items() if k != "nonce"},
        "audience": lambda claims: {**claims, "aud": "another"},
        "audience, though asked for by us": lambda claims: {**claims, "aud": "another", "azp": CLIENT},
        "two audiences, for another": lambda claims: {**claims, "aud": [CLIENT, "another"], "azp": "another"},
        "issuer": lambda claims: {**claims, "iss": "https://evil.example"},
        "expired": lambda claims: {**claims, "exp": now - 120},
        "of tomorrow": lambda claims: {**claims, "iat": now + 86400},
        "no subject": lambda claims: {**claims, "sub": ""},
    }
    for what, bend in bent.items():
        provider.bend = bend
        browser, answer = signs_in(joined)
        assert answer.status_code == 403 and "trả lời không hợp lệ" in words(answer), what
        assert who(browser) == "", what
    provider.bend = lambda claims: claims
    provider.signed_by = ECKey.generate_key("P-256", {"kid": "1"})
    assert "trả lời không hợp lệ" in words(signs_in(joined)[1])
    provider.signed_by = ECKey.generate_key("P-256", {"kid": "2"})
    assert "trả lời không hợp lệ" in words(signs_in(joined)[1])
    provider.key, provider.signed_by = provider.signed_by, None
    assert signs_in(joined)[1].status_code == 303  # a new key is asked for


def test_a_code_is_good_once_in_the_browser_that_left(joined: Office, provider: LocalProvider):
    browser = joined.browser()
    back = there_and_back(browser)
    stranger = joined.browser().get(back)
    assert stranger.status_code == 403 and "bắt đầu ở trình duyệt khác" in words(stranger)
    other = joined.browser()
    there_and_back(other)
    assert "bắt đầu ở trình duyệt khác" in words(other.get(back))
    errand = browser.client.cookies["dondoc_8000_away"]
    assert browser.get(back).status_code == 303 and who(browser) == "huyen-01"
    again = joined.browser()
    assert again.get(back).status_code == 403
    again.client.cookies.set("dondoc_8000_away", errand, domain="dondoc.test")
    replayed = again.get(back)
    assert replayed.status_code == 403 and "trả lời không hợp lệ" in words(replayed) and "<b>used" not in replayed.text
    provider.codes["theirs"] = {"redirect_uri": "", "code_challenge": "", "nonce": "", "subject": "s-1"}
    again.get(STARTS)
    state = parse_qs(urlsplit(again.get(STARTS).headers["location"]).query)["state"][0]
    assert again.get(f"/sign-in/provider/return?code=theirs&state={state}").status_code == 403 and who(again) == ""


def test_too_late_is_from_the_start_again(joined: Office):
    browser = joined.browser()
    back = there_and_back(browser)
    object.__setattr__(joined.context, "now", lambda: at(DAY, hour=12))
    assert "đã hết giờ" in words(browser.get(back))


def test_who_does_not_sign_in_there_or_tries_too_often_is_told(joined: Office, provider: LocalProvider):
    provider.signs_in = ""
    answer = signs_in(joined)[1]
    assert answer.status_code == 403 and "Bạn chưa đăng nhập ở nơi đăng nhập chung." in words(answer) and "<b>no" not in answer.text
    provider.signs_in, provider.addresses = "s-9", {}
    assert signs_in(joined)[1].status_code == 403
    with joined.db.write() as connection:
        assert connection.execute(select(throttle.c.failures)).scalars().all() == [1]
        connection.execute(update(throttle).values(failures=49))
    assert [signs_in(joined)[1].status_code for _ in range(2)] == [403, 429]
    provider.codes.clear()
    assert int(signs_in(joined)[1].headers["retry-after"]) > 0 and len(provider.codes) == 1  # the code was not even shown to it


def test_a_provider_that_is_down_or_strange_is_a_page_in_words_and_passwords_go_on(joined: Office, provider: LocalProvider):
    browser = joined.browser()
    back = there_and_back(browser)
    asked = [name for name in provider.asked if name.startswith("/.well-known")]
    assert len(asked) == 1
    provider.down = True
    answers = [browser.get(back), under(joined, provider, oidc_issuer="http://127.0.0.1:9").browser().get(STARTS)]
    for down in answers:
        assert down.status_code == 503 and "Nơi đăng nhập chung chưa trả lời." in words(down) and 'id="login"' in down.text
    assert browser.post("/sign-in", login="co-mat-khau", password=PASSWORD).status_code == 303
    fresh, provider.asked = under(joined, provider).browser(), []
    assert [fresh.get(STARTS).status_code for _ in range(3)] == [503] * 3 and len(provider.asked) == 1  # the others did not wait for it
    provider.down = False
    assert under(joined, provider, oidc_client_secret="sai").browser().get(STARTS).status_code == 303
    assert signs_in(joined)[1].status_code == 503
    assert under(joined, provider, oidc_issuer=f"{provider.issuer}/").browser().get(STARTS).status_code == 503  # it calls itself otherwise


def test_the_address_may_stand_in_userinfo(joined: Office, provider: LocalProvider):
    provider.in_userinfo = True
    browser, answer = signs_in(joined)
    assert answer.status_code == 303 and who(browser) == "huyen-01" and "/userinfo" in provider.asked


@pytest.mark.parametrize("theirs", [False, True])
def test_the_second_factor_is_ours_or_left_to_the_provider(joined: Office, provider: LocalProvider, theirs: bool):
    signs_in(joined)
    with joined.db.write() as connection:
        (number,) = connection.execute(select(identity.c.account_id)).scalars()
        connection.execute(second_factor.insert().values(account_id=number, secret="x", confirmed_at=at(DAY).system))
    browser, answer = signs_in(under(joined, provider, oidc_second_factor=theirs))
    assert answer.headers["location"] == ("/" if theirs else "/sign-in/code") and who(browser) == ("huyen-01" if theirs else "")


def test_where_approvals_ask_again_so_does_the_provider(joined: Office, provider: LocalProvider):
    under(joined, provider, step_up_minutes=15)
    ago = {"just now": timedelta(0), "an hour ago": timedelta(hours=1)}
    for when, how_long in ago.items():
        proved = {"auth_time": int((provider.at - how_long).timestamp())}
        provider.bend = proved.__or__
        browser = joined.browser()
        assert "max_age=900" in browser.get(STARTS).headers["location"]
        assert signs_in(joined)[1].status_code == (303 if when == "just now" else 403)
    provider.bend = lambda claims: claims
    assert signs_in(joined)[1].status_code == 403  # it does not say when


def test_signing_out_ends_ours(joined: Office):
    browser, _ = signs_in(joined)
    assert browser.post("/sign-out").status_code == 303 and who(browser) == ""
