"""The page of proposals: for the standing agency alone; a release is one click, a reason stands in the history."""

from __future__ import annotations

import re
from datetime import date

import pytest

from services.sweep import sweep
from tests.factories import CALENDAR, at
from tests.web.office import Office, words


@pytest.fixture
def late(office: Office) -> Office:
    """Three weeks after the first step was due."""
    for day in (date(2024, 6, 20), date(2024, 7, 1), date(2024, 7, 11)):
        sweep(office.db, now=at(day), calendar=CALENDAR)
    office.day = date(2024, 7, 11)
    return office


def test_released_by_a_click_and_told_in_the_history(late: Office) -> None:
    browser, step = late.browser("thuong-truc"), late.step_id("ke-hoach")
    page = browser.get("/escalations")
    assert f'href="/steps/{step}"' in page.text
    form = re.search(r'action="(/escalations/\d+/release)"', page.text)
    assert form
    for _ in range(2):  # a second click changes nothing
        answer = browser.post(form[1])
        assert (answer.status_code, answer.headers["location"]) == (303, "/escalations?did=released")
    assert "chuyển lên cấp trên" in words(browser.get(f"/steps/{step}"))
    assert "chuyển lên cấp trên" in words(browser.get(f"/workflows/{late.plan.workflow_id}"))


def test_not_now_needs_a_reason_which_stays_typed_and_is_kept(late: Office) -> None:
    browser, step = late.browser("thuong-truc"), late.step_id("ke-hoach")
    form = re.search(r'action="(/escalations/\d+/put-off)"', browser.get("/escalations").text)
    assert form
    assert browser.post(form[1], reason=" ").status_code == 422
    assert browser.post(form[1], reason="Chờ <b>đến</b> thứ Hai").status_code == 303
    assert "Chờ <b>đến</b> thứ Hai" in words(browser.get(f"/steps/{step}")) or "Chờ &lt;b&gt;đến" in browser.get(f"/steps/{step}").text


@pytest.mark.parametrize("login", ["huyen-01", "ban-chi-dao", "giam-sat", "quan-tri", "nguoi-la"])
def test_others_are_turned_away(late: Office, login: str) -> None:
    browser = late.browser(login)
    assert browser.get("/escalations").status_code == 403
    assert browser.post("/escalations/1/release").status_code == 403
    assert browser.post("/escalations/1/put-off", reason="x").status_code == 403


def test_an_unknown_one_is_not_found_and_a_foreign_form_is_refused(late: Office) -> None:
    browser = late.browser("thuong-truc")
    assert browser.post("/escalations/999999/release").status_code == 404
    assert browser.post("/escalations/1/release", csrf="x").status_code == 403
