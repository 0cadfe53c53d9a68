"""One line of JSON for each request, and nothing in it that somebody sent."""

import json
import logging

import pytest

from tests.web.office import Office
from web.pages import my_work
from wiring.logs import JsonLines

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
    assert line["request"] == answer.headers["x-request-id"] and isinstance(line["actor"], int) and float(str(line["ms"])) > 0


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


def test_a_parameter_of_a_failing_statement_is_not_told(office: Office):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError) as failed, office.db.write() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:x)"), {"x": SECRET})
    assert SECRET not in str(failed.value)
