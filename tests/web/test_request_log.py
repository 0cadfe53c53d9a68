"""One line of JSON for each request, and nothing in it that somebody sent."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.database import Database
from services.accounts import id_of
from tests.web.office import PASSWORD, Office
from web.pages import feeds, my_work
from wiring.logs import JsonLines, configure_logs

SECRET = "rat-bi-mat"


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(JsonLines(in_words=False).format(record)) for record in caplog.records if record.name.startswith("dondoc")]


def test_a_request_is_told_by_number_account_and_route(office: Office, caplog: pytest.LogCaptureFixture):
    browser = office.browser("huyen-01")
    step = office.step_id("gop-y", "huyen-01")
    caplog.clear()
    with caplog.at_level(logging.INFO, "dondoc.access"):
        answer = browser.get(f"/steps/{step}?q={SECRET}")
    (line,) = lines(caplog)
    assert line["route"] == "/steps/{step_id}" and line["status"] == 200 and line["method"] == "GET"
    assert (
        line["request"] == answer.headers["x-request-id"] and line["actor"] == id_of(office.db, "huyen-01") and float(str(line["ms"])) > 0
    )
    assert datetime.fromisoformat(str(line["at"])).utcoffset() == UTC.utcoffset(None)


def test_a_refusal_is_told_with_who_was_refused(office: Office, caplog: pytest.LogCaptureFixture):
    browser, step = office.browser("huyen-02"), office.step_id("gop-y", "huyen-01")
    caplog.clear()
    with caplog.at_level(logging.INFO, "dondoc.access"):
        browser.get("/admin/accounts")
        browser.send("POST", f"/steps/{step}/actions/accept")
        office.browser().get("/api/v1/my-work")
    found = [(line["actor"], line["route"], line["status"]) for line in lines(caplog)]
    who = id_of(office.db, "huyen-02")
    actions, work = "/steps/{step_id}/actions/{action}", "/api/v1/my-work"
    assert found == [(who, "/admin/accounts", 403), (who, actions, 403), (None, work, 401)]


def test_a_line_is_one_line_whatever_stands_in_it():
    record = logging.LogRecord("dondoc.x", logging.INFO, "", 0, 'a\r\n{"level": "error"} %s', ("b\nc",), None)
    record.fields = {"who": "d\ne"}
    line = JsonLines(in_words=False).format(record)
    assert "\n" not in line and "\r" not in line and json.loads(line)["who"] == "d\ne"


def test_no_body_token_address_or_query_is_told(office: Office, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        browser = office.browser("huyen-01")
        browser.get(f"/feeds/{SECRET}.ics")
        browser.post("/sign-in", login=SECRET, password=SECRET)
        browser.get(f"/{SECRET}?x={SECRET}", headers={"Authorization": f"Bearer {SECRET}", "User-Agent": SECRET, "X-Forwarded-For": SECRET})
        browser.send(SECRET.upper(), "/")
    told = json.dumps(lines(caplog))
    assert SECRET not in told and SECRET.upper() not in told and browser.csrf() not in told
    assert "/feeds/{token}.ics" in told and "(none)" in told


def test_a_mistake_of_ours_is_told_by_its_place_and_not_in_its_words(
    office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(my_work, "my_work", broken)
    with caplog.at_level(logging.INFO):
        answer = office.browser("huyen-01").get("/")
    assert answer.status_code == 500
    line = next(each for each in lines(caplog) if each["logger"] == "dondoc.web")
    assert line["error"] == "ValueError" and any("broken" in frame for frame in line["trace"])  # type: ignore[attr-defined]
    assert SECRET not in json.dumps(lines(caplog))
    assert next(each for each in lines(caplog) if each["logger"] == "dondoc.access" and each["route"] == "/")["status"] == 500


def test_a_mistake_at_an_address_that_holds_a_secret_is_told_by_its_route(
    office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(feeds, "feed_of", lambda *_, **__: 1 / 0)
    assert office.browser().get(f"/feeds/{SECRET}.ics?x={SECRET}").status_code == 500
    (line,) = [each for each in lines(caplog) if each["logger"] == "dondoc.web"]
    assert "/feeds/{token}.ics" in str(line["message"]) and SECRET not in json.dumps(lines(caplog))


def test_a_parameter_of_a_failing_statement_is_not_told(db: Database):
    with pytest.raises(DBAPIError) as failed, db.write() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:x)"), {"x": SECRET})
    assert SECRET not in str(failed.value)


def test_a_password_of_the_wrong_shape_does_not_come_back_in_the_error(office: Office, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "dondoc")
    for body in ({"login": "a", "password": [SECRET]}, {"login": "a", "password": SECRET, "more": SECRET}, {"password": SECRET}):
        answer = office.browser().send("POST", "/api/v1/session", json=body)
        assert answer.status_code == 422 and SECRET not in answer.text
    assert office.browser().post("/sign-in", login="co-mat-khau", password=f"{PASSWORD}{SECRET}").status_code == 403
    assert SECRET not in json.dumps(lines(caplog))


@pytest.fixture
def logs() -> Iterator[None]:
    """What configuring changes, put back afterwards."""
    root, names = logging.getLogger(), ("dondoc", "uvicorn", "uvicorn.error", "httpx", "prefect")
    before = (root.handlers[:], root.level, [logging.getLogger(name).level for name in names])
    yield
    root.handlers[:], level, levels = before
    root.setLevel(level)
    for name, each in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(each)


@pytest.mark.parametrize(("level", "in_words"), [("info", False), ("debug", True)])
def test_addresses_that_libraries_tell_and_words_of_errors_stay_out_but_for_debugging(logs: None, level: str, in_words: bool):
    configure_logs(level)
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler.formatter, JsonLines) and handler.formatter.in_words is in_words
    assert isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr
    assert logging.getLogger("dondoc.access").isEnabledFor(logging.INFO)
    told = [
        logging.getLogger(name).isEnabledFor(logging.INFO)
        for name in ("httpx", "uvicorn.error", "prefect.x", "authlib", "sqlalchemy.engine")
    ]
    assert told == [in_words, in_words, in_words, False, False]
