"""Chasing on the pages: the form, the letter, and the short text; a confidential title is in neither."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from models.tables import step as steps
from models.tables import workflow
from tests.web.office import Office, words
from tests.web.test_steps import FORM


def test_a_call_is_recorded_with_its_answer(office: Office) -> None:
    browser, step = office.browser("thuong-truc"), office.step_id("gop-y", "huyen-01")
    assert browser.act(step, "chase", how="call", answer="Mai nộp <i>nhé</i>").status_code == 303
    page = browser.get(f"/steps/{step}")
    assert "gọi điện" in words(page)
    assert "Mai nộp &lt;i&gt;nhé" in page.text


def test_too_soon_comes_back_with_what_was_typed(office: Office) -> None:
    browser, step = office.browser("thuong-truc"), office.step_id("gop-y", "huyen-01")
    assert browser.act(step, "chase", text="một").status_code == 303
    again = browser.act(step, "chase", text="hai chữ")
    assert again.status_code == 403
    assert "Có thể đôn đốc lại từ" in words(again)
    assert "hai chữ" in again.text


def test_the_letter_names_unit_plan_and_due_day(office: Office) -> None:
    browser, step = office.browser("thuong-truc"), office.step_id("gop-y", "huyen-01")
    assert f'href="/steps/{step}/chase-letter"' in browser.get(f"/steps/{step}").text
    letter = words(browser.get(f"/steps/{step}/chase-letter"))
    for said in ("Kính gửi: huyen-01", "1/KH-TEST", "hạn 31/07/2024", "“gop-y”", "Đôn đốc huyen-01: NV4 · 2024, bước 6 - gop-y."):
        assert said in letter


def test_a_confidential_title_is_neither_in_the_letter_nor_in_the_chat(office: Office) -> None:
    with office.db.write() as connection:
        connection.execute(update(workflow).values(confidential=True))
    step = office.step_id("gop-y", "huyen-01")
    letter = words(office.browser("thuong-truc").get(f"/steps/{step}/chase-letter"))
    assert "gop-y" not in letter and "Ngày hội" not in letter
    assert "NV4 · 2024" in letter


def test_a_letter_about_what_waits_for_confirmation_goes_to_who_confirms_with_its_own_day(office: Office) -> None:
    browser, step = office.browser("thuong-truc"), office.step_id("ke-hoach")
    assert "Đồng hồ đang chạy ở chính cơ quan bạn." in words(browser.get(f"/steps/{step}/chase-letter"))
    browser.act(step, "submit", **FORM)
    with office.db.write() as connection:
        connection.execute(update(steps).where(steps.c.id == step).values(approval_due_on=date(2024, 6, 7)))
    letter = words(browser.get(f"/steps/{step}/chase-letter"))
    late = "kết quả đã nộp chưa được xác nhận, đã quá hạn 3 ngày"
    for said in ("Kính gửi: ban-chi-dao", "hạn xác nhận 07/06/2024", late, "Đề nghị xác nhận"):
        assert said in letter
    assert "đến hết ngày 07/06/2024, quá 3 ngày" in words(browser.get(f"/steps/{step}"))


@pytest.mark.parametrize("login", ["huyen-01", "giam-sat", "nguoi-la"])
def test_only_the_standing_agency_writes_letters(office: Office, login: str) -> None:
    assert office.browser(login).get(f"/steps/{office.step_id('gop-y', 'huyen-01')}/chase-letter").status_code == 403
    assert office.browser("thuong-truc").get("/steps/999999/chase-letter").status_code == 404
