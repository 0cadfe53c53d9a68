"""The morning brief as a page."""

from __future__ import annotations

from datetime import date

from tests.web.office import Office, words


def test_it_is_for_those_who_supervise(office: Office):
    office.day = date(2024, 8, 1)
    page = office.browser("giam-sat").get("/brief")
    assert page.status_code == 200
    for text in ("Bản tin sáng", "Chờ tôi ký, trả lời", "Ai phải làm tiếp", "Mới quá hạn", "theo hạn gốc"):
        assert text in words(page)
    assert office.browser("huyen-01").get("/brief").status_code == 403
    assert office.browser("thuong-truc").get("/brief").status_code == 200
