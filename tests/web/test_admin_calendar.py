"""The page of the office's calendar: who may, what is shown before anything moves, and what comes of agreeing."""

from __future__ import annotations

import re
from datetime import date

import httpx
import pytest
from sqlalchemy import select

from models.tables import calendar_change, notice
from services.working_days import office_calendar
from tests.web.office import Browser, Office, words
from web.pages import admin_calendar
from wiring.calendar import proposed_days

DOCUMENT = "Thông báo 6150/TB-BLĐTBXH"
SWAP = {"what": "add", "off_from": "31/07/2024", "document": DOCUMENT}  # gop-y is due on that Wednesday, in three districts


def hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the form that agrees."""
    form = re.search(r'<form method="post" action="/admin/calendar">.*?</form>', page.text, re.S)
    assert form, "no form that agrees"
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))


def rows(page: httpx.Response) -> list[str]:
    """The lines of the list of dates."""
    table = re.search(r"<tbody>(.*?)</tbody>", page.text, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr>.*?</tr>", table[1], re.S)] if table else []


@pytest.fixture
def keeper(office: Office, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """An administrator; the library proposes nothing, since the plan under test was opened in a plain week."""
    monkeypatch.setattr(admin_calendar, "proposed_days", lambda: ())
    return office.browser("quan-tri")


def test_the_office_keeps_it_and_nobody_else(office: Office) -> None:
    for login, status in {"quan-tri": 200, "thuong-truc": 200, "giam-sat": 403, "huyen-01": 403, "ban-chi-dao": 403}.items():
        browser = office.browser(login)
        assert browser.get("/admin/calendar").status_code == status, login
        assert browser.post("/admin/calendar/preview", **SWAP).status_code == status, login
    assert office.browser("huyen-01").post("/admin/calendar", **SWAP).status_code == 403


def test_the_year_shows_days_off_and_make_up_days_with_their_document(office: Office) -> None:
    keeper = office.browser("quan-tri")
    page = words(keeper.get("/admin/calendar?year=2026"))
    assert "02/01/2026 thứ Sáu Nghỉ Nghỉ Tết Dương lịch Thông báo hoán đổi ngày làm việc, 25/12/2025" in page
    assert "10/01/2026 thứ Bảy Làm bù" in page
    assert "250 ngày làm việc" in page
    assert "251 ngày làm việc" in words(keeper.get("/admin/calendar"))  # of this year, 2024
    assert keeper.get("/admin/calendar?year=999999999").status_code == 200


def test_the_preview_lists_the_dates_and_agreeing_moves_exactly_those(office: Office, keeper: Browser) -> None:
    page = keeper.post("/admin/calendar/preview", **SWAP)
    assert "3 hạn sẽ chuyển" in words(page)
    assert [row[:21] for row in rows(page)] == ["31/07/2024 01/08/2024"] * 3
    assert office.plan.step("gop-y", "huyen-01")["due_on"] == date(2024, 7, 31)

    before = {s: office.plan.step("gop-y", s)["due_version"] for s in ("huyen-01", "huyen-02", "huyen-03")}
    assert keeper.post("/admin/calendar", **hidden(page)).headers["location"] == "/admin/calendar?year=2024&did=calendar-changed"
    assert {s: office.plan.step("gop-y", s)["due_on"] for s in before} == dict.fromkeys(before, date(2024, 8, 1))
    assert {s: office.plan.step("gop-y", s)["due_version"] for s in before} == {s: v + 1 for s, v in before.items()}
    shown = words(keeper.get("/admin/calendar"))
    assert f"31/07/2024 thứ Tư Nghỉ Ngày nghỉ {DOCUMENT} cơ quan ghi" in shown
    assert "3 hạn đã chuyển" in shown


def test_sending_it_twice_does_it_once(office: Office, keeper: Browser) -> None:
    fields = hidden(keeper.post("/admin/calendar/preview", **SWAP))
    answers = [keeper.post("/admin/calendar", **fields) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    with office.db.read() as connection:
        assert connection.execute(select(calendar_change.c.moved).where(calendar_change.c.kind == "recorded")).scalars().all() == [3]
        assert len(connection.execute(select(notice.c.id).where(notice.c.kind == "due-shifted")).all()) == 3


def test_if_other_dates_would_move_by_then_they_are_shown_first(office: Office, keeper: Browser) -> None:
    fields = hidden(keeper.post("/admin/calendar/preview", **SWAP))
    unit = office.browser("huyen-01")
    unit.act(office.step_id("gop-y", "huyen-01"), "submit")
    page = keeper.post("/admin/calendar", **fields)
    assert page.status_code == 422
    assert "Danh sách hạn vừa thay đổi" in words(page)
    assert "2 hạn sẽ chuyển" in words(page)
    assert office.plan.step("gop-y", "huyen-02")["due_on"] == date(2024, 7, 31)
    assert keeper.post("/admin/calendar", **hidden(page)).status_code == 303


def test_a_make_up_day_and_a_preview_without_any_date(office: Office, keeper: Browser) -> None:
    page = keeper.post("/admin/calendar/preview", what="add", make_up="28/12/2024", document=DOCUMENT)
    assert "Không hạn nào phải chuyển" in words(page)
    assert keeper.post("/admin/calendar", **hidden(page)).status_code == 303
    assert office_calendar(office.db, proposed_days).is_working(date(2024, 12, 28))


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(office: Office, keeper: Browser) -> None:
    page = keeper.post(
        "/admin/calendar/preview", what="add", off_from="05/08/2024", off_to="02/08/2024", make_up="12/08/2024", document=""
    )  # fmt: skip
    assert page.status_code == 422
    for field, error in {
        "off_to": "Trước ngày đầu 05/08/2024.", "make_up": "12/08/2024 đã là ngày làm việc.", "document": "Ghi văn bản quy định.",
    }.items():  # fmt: skip
        around = re.search(rf'<div class="field is-bad">(?:(?!</div>).)*id="add-{field}"', page.text, re.S)
        assert around and error in around[0], field
        assert f'href="#add-{field}"' in page.text
    for value in ("05/08/2024", "02/08/2024", "12/08/2024"):
        assert f'value="{value}"' in page.text
    with office.db.read() as connection:
        assert not connection.execute(select(calendar_change.c.id)).all()


def test_a_day_is_taken_back_the_same_way(office: Office, keeper: Browser) -> None:
    keeper.post("/admin/calendar", **hidden(keeper.post("/admin/calendar/preview", **SWAP)))
    assert "Bỏ ngày 31/07/2024 khỏi lịch" in words(keeper.get("/admin/calendar?remove=2024-07-31"))
    page = keeper.post("/admin/calendar/preview", what="remove", day="31/07/2024", document="Thu hồi")
    assert [row[:21] for row in rows(page)] == ["01/08/2024 31/07/2024"] * 3
    assert keeper.post("/admin/calendar", **hidden(page)).status_code == 303
    assert office.plan.step("gop-y", "huyen-01")["due_on"] == date(2024, 7, 31)
    wrong = keeper.post("/admin/calendar/preview", what="remove", day="31/07/2024", document="")
    assert wrong.status_code == 422 and "không được ghi riêng" in words(wrong)


def test_what_is_confidential_shows_its_number_alone(office: Office, keeper: Browser) -> None:
    with office.db.write() as connection:
        from models.tables import workflow

        connection.execute(workflow.update().values(confidential=True))
    page = words(keeper.post("/admin/calendar/preview", **SWAP))
    assert "Nội dung mật" in page and "gop-y" not in page
