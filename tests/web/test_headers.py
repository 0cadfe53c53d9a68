"""What every answer tells a browser, word for word: a header that is left out or weakened turns red. And what each of our cookies says."""

from __future__ import annotations

from email.message import Message
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert

from models.tables import second_factor
from services.accounts import id_of
from tests.factories import at
from tests.web.office import DAY, PASSWORD, Browser, Office
from web.app import create_app
from web.server import config_of
from wiring.settings import Settings

POLICY = {
    "default-src": "'self'", "img-src": "'self' data:", "object-src": "'none'", "base-uri": "'none'", "form-action": "'self'",
    "frame-ancestors": "'none'",
}  # fmt: skip
SAID = {
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin", "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}  # fmt: skip
PATHS = {"/sign-in": 200, "/": 303, "/nowhere": 404, "/api/v1/plans": 401, "/static/tokens.css": 200, "/healthz": 200}


def policy_of(answer: httpx.Response) -> dict[str, str]:
    """The content security policy by directive."""
    parts = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_what_a_browser_may_do_with_an_answer(office: Office):
    browser = office.browser()
    for path, status in PATHS.items():
        answer = browser.get(path)
        assert (answer.status_code, policy_of(answer)) == (status, POLICY), path
        assert {name: answer.headers.get(name) for name in SAID} == SAID, path
        assert answer.headers["cache-control"] == "no-store" and "server" not in answer.headers, path


def test_our_own_mistakes_say_the_same(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("web.pages.my_work.my_work", lambda *_: 1 / 0)
    answer = office.browser("huyen-01").get("/")
    assert (answer.status_code, policy_of(answer)) == (500, POLICY)
    assert {name: answer.headers.get(name) for name in SAID} == SAID


def test_only_a_file_under_the_name_of_its_content_is_kept(office: Office):
    browser = office.browser()
    assert browser.get("/static/dondoc.css?v=1").headers["cache-control"] == "public, max-age=31536000, immutable"
    for path in ("/static/dondoc.css", "/static/dondoc.css?x=1", "/sign-in?v=1", "/api/v1/plans?v=1"):
        assert browser.get(path).headers["cache-control"] == "no-store", path


def test_who_came_by_https_comes_by_nothing_else_for_a_year(office: Office):
    browser = office.browser()
    assert "strict-transport-security" not in browser.get("/sign-in").headers
    browser.client.base_url = httpx.URL("https://dondoc.test")
    for path in PATHS:
        said = browser.get(path).headers["strict-transport-security"]
        assert int(said.partition("max-age=")[2].partition(";")[0]) >= 31_536_000


def test_texts_say_their_letters(office: Office):
    for path, kind in (("/sign-in", "text/html"), ("/static/tokens.css", "text/css"), ("/healthz", "text/plain")):
        said = Message()
        said["content-type"] = office.browser().get(path).headers["content-type"]
        assert (said.get_content_type(), str(said.get_content_charset())) == (kind, "utf-8")


def given(answer: httpx.Response) -> dict[str, SimpleCookie]:
    """The cookies of an answer by name."""
    found = (SimpleCookie(line) for line in answer.headers.get_list("set-cookie"))
    return {name: cookie for cookie in found for name in cookie}


def every_cookie(office: Office) -> dict[str, SimpleCookie]:
    """One of each kind that we give out, as a browser gets them that comes by https."""

    def browser() -> Browser:
        found = office.browser()
        found.client.base_url = httpx.URL("https://dondoc.test")
        return found

    cookies = given(browser().post("/language", language="en"))
    cookies |= given(browser().post("/sign-in", login="co-mat-khau", password=PASSWORD))
    with office.db.write() as connection:
        who = id_of(office.db, "huyen-01")
        connection.execute(insert(second_factor).values(account_id=who, secret="x", confirmed_at=at(DAY).system))
    cookies |= given(browser().post("/sign-in", account="huyen-01"))
    settings = Settings(_env_file=None, data=office.folder, oidc_issuer="https://id.example.vn", oidc_client_id="dondoc")
    object.__setattr__(office.context, "settings", settings)
    office.app = create_app(office.context)
    ends = {name: f"https://id.example.vn/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    office.app.state.provider._get = lambda *_: {"issuer": "https://id.example.vn", **ends}
    return cookies | given(browser().get("/sign-in/provider"))


def test_every_cookie_is_the_hosts_own_for_https_and_for_no_script(office: Office):
    cookies = every_cookie(office)
    kinds = {name.replace("__Host-dondoc_8000", "").rstrip("0123456789") for name in cookies}
    assert kinds == {"", "_device_", "_code", "_away", "language"}
    for name, cookie in cookies.items():
        said = {part: str(cookie[name][part]).lower() for part in ("secure", "httponly", "samesite", "path", "domain")}
        assert said == {"secure": "true", "httponly": "true", "samesite": "lax", "path": "/", "domain": ""}, name


def test_the_server_itself_names_no_program_and_writes_no_addresses(office: Office, tmp_path: Path):
    from web.proxies import OnlyProxies

    config = config_of(office.app, Settings(_env_file=None, data=tmp_path))
    assert (config.server_header, config.access_log, config.proxy_headers) == (False, False, False)
    assert isinstance(config.app, OnlyProxies), "without a certificate this machine and named proxies alone are answered"
    assert config.timeout_graceful_shutdown == 5
