"""The people of a unit over its pages: the list, a place added and ended, everything handed over after a preview, the sheet."""

from __future__ import annotations

from engine.access import Membership
from services.accounts import create_account
from tests.web.office import Browser, Office, words


def head(office: Office) -> tuple[Browser, str]:
    """The head of huyen-01, signed in; the id of its officer."""
    create_account(office.db, login="h1-truong", name="Trưởng huyện", memberships=[Membership("huyen-01", "head")])
    browser = office.browser("h1-truong")
    page = browser.get("/people").text
    return browser, page.split("Người huyen-01<br>")[1].split("/people/")[1].split("/")[0]


def test_the_page_is_for_heads_and_administrators(office: Office):
    assert office.browser("huyen-01").get("/people").status_code == 403
    assert "Người mttq" in words(office.browser("quan-tri").get("/people"))
    browser, _ = head(office)
    page = words(browser.get("/people"))
    assert "Người huyen-01" in page and "Người mttq" not in page
    assert 'href="/people"' in browser.get("/").text


def test_people_stand_in_vietnamese_order(office: Office):
    for login, name in (("h1-a", "Phạm An"), ("h1-b", "Đặng An"), ("h1-c", "Ánh Dương"), ("h1-d", "Ăng Nan")):
        create_account(office.db, login=login, name=name, memberships=[Membership("huyen-01")])
    browser, _ = head(office)
    page = words(browser.get("/people"))
    assert sorted(("Ánh Dương", "Ăng Nan", "Đặng An", "Phạm An"), key=page.index) == ["Ánh Dương", "Ăng Nan", "Đặng An", "Phạm An"]


def test_somebody_is_added_and_what_is_wrong_stands_at_its_field(office: Office):
    browser, _ = head(office)
    answer = browser.post("/people", login="khong-co", unit="huyen-02", role="officer")
    assert answer.status_code == 422
    assert 'id="m-login-e"' in answer.text and 'id="m-unit-e"' in answer.text and 'value="khong-co"' in answer.text
    assert browser.post("/people", login="nguoi-la", unit="huyen-01", role="officer").headers["location"] == "/people?did=member-added"
    assert "Người nguoi-la" in words(browser.get("/people"))


def test_handing_over_is_previewed_first_and_ends_the_session(office: Office):
    browser, officer = head(office)
    browser.post("/people", login="nguoi-la", unit="huyen-01", role="officer")
    leaving = office.browser("huyen-01")
    fields = {"successor": "nguoi-la", "first_away": "10/06/2024"}
    preview = browser.post(f"/people/{officer}/hand-over", do="preview", **fields)
    assert preview.status_code == 200 and "Sẽ chuyển cho Người nguoi-la" in words(preview)
    assert leaving.get("/").status_code == 200
    wrong = browser.post(f"/people/{officer}/hand-over", do="apply", successor="", first_away="01/01/2020")
    assert wrong.status_code == 422 and 'id="h-successor-e"' in wrong.text and 'id="h-first_away-e"' in wrong.text
    assert browser.post(f"/people/{officer}/hand-over", do="apply", **fields).headers["location"] == "/people?did=handed-over"
    assert leaving.get("/").status_code == 303
    assert "Người huyen-01" not in words(browser.get("/people"))


def test_the_sheet_is_for_those_who_read_the_work(office: Office):
    browser, officer = head(office)
    page = browser.get(f"/people/{officer}/sheet")
    assert page.status_code == 200 and "Phiếu bàn giao" in words(page) and "gop-y" in words(page)
    assert office.browser("huyen-01").get(f"/people/{officer}/sheet").status_code == 200
    for stranger in ("huyen-02", "quan-tri"):
        assert office.browser(stranger).get(f"/people/{officer}/sheet").status_code == 404


def test_strangers_are_told_nothing(office: Office):
    browser, _ = head(office)
    for path in ("/people/1/hand-over", "/people/999/hand-over", "/people/999/sheet"):
        assert browser.get(path).status_code == 404
    assert browser.post("/people/1/units/cong-an-tinh/end").status_code == 404
