"""The calendar of what falls due: every open step a link on its day, for whom it concerns, by month and by week."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tests.factories import OFFICER, district
from tests.services.test_act import NUMBERED
from tests.web.office import Office, words


def days(html: str) -> dict[str, str]:
    """ISO day → what its cell holds."""
    cells = re.findall(r'<td class="cal-day.*?</td>', html, re.S)
    return {re.search(r'datetime="([^"]+)"', cell)[1]: cell for cell in cells}  # type: ignore[index]


def test_each_open_step_of_ones_own_is_a_link_on_its_day(office: Office):
    browser = office.browser("huyen-01")
    found = days(browser.get("/calendar?on=2024-07-10").text)
    own, other = office.step_id("gop-y", "huyen-01"), office.step_id("gop-y", "huyen-02")
    assert len(found) == 35 and min(found) == "2024-07-01"
    assert f'href="/steps/{own}"' in found["2024-07-31"]
    assert not any(f"/steps/{other}" in cell for cell in found.values())
    assert sum("/steps/" in cell for cell in found.values()) == 1
    everybody = days(browser.get("/calendar?on=2024-07-10&unit=all").text)
    assert "/workflows/1#step-6" in everybody["2024-07-31"] and "3 đơn vị" in everybody["2024-07-31"]
    chosen = days(browser.get("/calendar?on=2024-07-10&unit=huyen-02").text)
    assert f'href="/steps/{other}"' in chosen["2024-07-31"]


def test_what_is_done_is_gone_and_what_is_late_is_marked(office: Office):
    office.plan.day = office.day = date(2024, 8, 5)
    office.plan.act(district(1), "submit", "gop-y", "huyen-01")
    browser = office.browser("thuong-truc")
    cell = days(browser.get("/calendar?on=2024-07-31").text)["2024-07-31"]
    assert "2 đơn vị" in cell and "time--late" in cell
    assert "quá hạn" in words(browser.get("/calendar?view=week&on=2024-07-31")).lower()


def test_a_decision_stands_on_the_approver_s_own_day(office: Office):
    office.plan.day = office.day
    office.plan.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    day = office.plan.step("ke-hoach")["approval_due_on"]
    cell = days(office.browser("ban-chi-dao").get("/calendar").text)[str(day)]
    assert f'/steps/{office.step_id("ke-hoach")}"' in cell and "Duyệt" in cell
    assert "Duyệt đến hết" in words(office.browser("ban-chi-dao").get(f"/calendar?view=week&on={day}"))
    assert "time--late" not in cell
    office.day = day + timedelta(days=1)
    assert "time--late" in days(office.browser("ban-chi-dao").get(f"/calendar?on={day}").text)[str(day)]


def test_days_off_are_shown_and_one_goes_from_month_to_month(office: Office):
    browser = office.browser("huyen-01")
    page = browser.get("/calendar?on=2024-12-31")
    assert "Tháng 12/2024" in words(page)
    assert 'rel="next" href="/calendar?on=2025-01-01"' in page.text and 'rel="prev" href="/calendar?on=2024-11-30"' in page.text
    assert 'class="cal-day is-weekend' in page.text and ", hôm nay" in browser.get("/calendar").text
    week = browser.get("/calendar?view=week&on=2025-01-01")
    assert "Tuần 30/12 – 05/01/2025" in words(week) and 'href="/calendar?view=week&amp;on=2025-01-06"' in week.text


def test_an_address_that_makes_no_sense_shows_this_month(office: Office):
    browser = office.browser("nguoi-la")
    for address in ("?on=31/02/2024", "?on=9999-99-99", "?view=year&on=0001-01-01", "?unit=khong-co"):
        page = browser.get(f"/calendar{address}")
        assert page.status_code == 200 and "Tháng 6/2024" in words(page)
    assert "Không có việc nào đến hạn." in words(browser.get("/calendar"))
    assert office.browser().get("/calendar").status_code == 303


def test_who_may_not_know_of_a_step_finds_no_trace_of_it(office: Office):
    assert "/steps/" not in office.browser("nguoi-la").get("/calendar?on=2024-07-10&unit=all").text
    assert "/steps/" not in office.browser("quan-tri").get("/calendar?on=2024-07-10&unit=all").text
