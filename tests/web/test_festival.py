"""Festival days on pages: a unit picks its day, the others see it; and what holds nobody up."""

import re
from datetime import date

import pytest

from tests.web.office import Office, words


@pytest.fixture
def planned(office: Office) -> Office:
    """The districts choose from 10/08 to 19/08 (window T-9..T), by 26/07."""
    return office


def workflow(office: Office, login: str) -> str:
    return words(office.browser(login).get(f"/workflows/{office.plan.workflow_id}"))


def test_a_unit_picks_its_day_before_its_turn_and_the_others_see_it(planned: Office):
    step = planned.step_id("to-chuc", "huyen-01")
    assert "Chưa chọn (3): huyen-01, huyen-02, huyen-03" in workflow(planned, "huyen-02")
    assert planned.browser("huyen-01").act(step, "choose-day", day="12/08/2024").status_code == 303
    seen = workflow(planned, "huyen-02")
    assert "12/08/2024 huyen-01" in seen and "13/08/2024 –" in seen and "Chưa chọn (2): huyen-02, huyen-03" in seen


def test_it_may_pick_again_and_late_only_with_a_reason(planned: Office):
    step, unit = planned.step_id("to-chuc", "huyen-01"), planned.browser("huyen-01")
    for day in ("12/08/2024", "15/08/2024"):
        assert unit.act(step, "choose-day", day=day).status_code == 303
    planned.day = planned.plan.day = date(2024, 7, 29)
    unit = planned.browser("huyen-01")
    late = unit.act(step, "choose-day", day="16/08/2024")
    assert late.status_code == 422 and 'href="#choose-day-reason"' in late.text
    assert unit.act(step, "choose-day", day="16/08/2024", reason="Trùng lịch tỉnh").status_code == 303
    assert "16/08/2024 huyen-01" in workflow(planned, "huyen-02")


@pytest.mark.parametrize("day", ["09/08/2024", "20/08/2024"])
def test_outside_the_window_one_is_told_what_is_possible(planned: Office, day: str):
    answer = planned.browser("huyen-01").act(planned.step_id("to-chuc", "huyen-01"), "choose-day", day=day)
    assert answer.status_code == 422 and "Chọn từ 10/08/2024 đến 19/08/2024." in words(answer)


def test_days_that_have_passed_are_no_longer_offered(planned: Office):
    step = planned.step_id("to-chuc", "huyen-01")
    planned.day = planned.plan.day = date(2024, 8, 14)
    unit = planned.browser("huyen-01")
    assert "Chọn từ 14/08/2024 đến 19/08/2024." in words(unit.act(step, "choose-day", day="12/08/2024", reason="x"))
    planned.day = planned.plan.day = date(2024, 8, 20)
    unit = planned.browser("huyen-01")
    over = unit.act(step, "choose-day", day="19/08/2024", reason="x")
    assert over.status_code == 403 and "Khung ngày đã hết từ 19/08/2024." in words(over)


def test_a_soft_order_is_a_warning_that_names_what_is_not_done(office: Office):
    page = words(office.browser("ban-chi-dao").get(f"/steps/{office.step_id('luu')}"))
    assert "Nên làm sau: so-bo (Chưa mở)" in page and "Vẫn làm được ngay" in page


def test_every_missing_unit_is_preselected_when_a_join_is_closed_and_still_owes_its_step(office: Office):
    agency, step = office.browser("thuong-truc"), office.step_id("tong-hop")
    page = agency.get(f"/steps/{step}").text
    assert re.findall(r'name="units" value="([^"]+)" checked', page) == ["huyen-01", "huyen-02", "huyen-03"]
    assert agency.act(step, "close-join", units=["huyen-01", "huyen-02", "huyen-03"], reason="Phải báo cáo").status_code == 303
    assert office.plan.status("tong-hop") == "open"
    office.day = office.plan.day = date(2024, 9, 5)
    late = words(office.browser("giam-sat").get("/overdue"))
    assert late.count("bao-cao") >= 3 and "huyen-03" in late
