"""The morning brief as a page."""

from __future__ import annotations

from datetime import date

from engine.access import Membership
from services.accounts import create_account
from tests.web.office import Office, words


def test_it_is_for_those_who_supervise(office: Office):
    office.day = date(2024, 8, 1)
    page = office.browser("giam-sat").get("/brief")
    assert page.status_code == 200
    for text in ("Bản tin sáng", "Chờ tôi ký, trả lời", "Ai phải làm tiếp", "Mới quá hạn", "theo hạn gốc"):
        assert text in words(page)
    assert office.browser("huyen-01").get("/brief").status_code == 403
    assert office.browser("thuong-truc").get("/brief").status_code == 200


def test_what_waits_for_a_signature_shows_the_date_of_whoever_signs(office: Office):
    fields = {"evidence.kh.number": "12/KH-CAT", "evidence.kh.date": "05/06/2024"}
    create_account(office.db, login="lanh-dao", name="Lãnh đạo", memberships=[Membership("ban-chi-dao", "head")], roles=("supervisor",))
    assert office.browser("thuong-truc").act(office.step_id("ke-hoach"), "submit", **fields).status_code == 303
    due = office.plan.step("ke-hoach")["approval_due_on"]
    page = words(office.browser("lanh-dao").get("/brief"))
    assert f"Duyệt đến hết {due:%d/%m/%Y}" in page and "Hạn 20/06/2024" not in page
