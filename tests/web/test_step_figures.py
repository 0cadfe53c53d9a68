"""Figures on the page of a step: typed, saved as a draft, pasted, taken over."""

import re

from tests.factories import OFFICER, district
from tests.services.test_act import through_plan
from tests.web.office import Office, words

SLOT = "huyen-01"


def draft(office: Office) -> dict[str, object]:
    found: dict[str, object] = office.plan.step("bao-cao", SLOT)["draft"]
    return found


def reported(office: Office) -> None:
    """Every district has reported 4, and the standing agency approved it."""
    through_plan(office.plan)
    for n in (1, 2, 3):
        slot = f"huyen-{n:02}"
        office.plan.act(OFFICER, "open-early", "bao-cao", slot, payload={"reason": "thử"})
        office.plan.act(district(n), "submit", "bao-cao", slot, payload={"figures": {"so": 4}})
        office.plan.act(OFFICER, "approve", "bao-cao", slot)


def test_a_step_that_waits_takes_a_draft(office: Office):
    browser, step = office.browser(SLOT), office.step_id("bao-cao", SLOT)
    assert "Điền trước" in words(browser.get(f"/steps/{step}"))
    assert browser.act(step, "save-draft", **{"figures.so": "1.234", "note": "Còn 1 xã"}).status_code == 303
    page = browser.get(f"/steps/{step}").text
    assert 'name="figures.so" type="text" value="1.234" required inputmode="numeric"' in page
    assert 'name="was.figures.so" value="1.234"' in page
    assert draft(office)["note"] == "Còn 1 xã"


def test_only_what_was_changed_is_saved_and_what_was_emptied_is_gone(office: Office):
    browser, step = office.browser(SLOT), office.step_id("bao-cao", SLOT)
    browser.act(step, "save-draft", **{"figures.so": "5", "figures.kho_khan": "Mưa"})
    stale = {"was.figures.so": "", "figures.so": "", "was.figures.kho_khan": "Mưa", "figures.kho_khan": ""}
    browser.act(step, "save-draft", **stale)
    assert draft(office)["figures"] == {"so": 5}


def test_what_a_colleague_changed_meanwhile_is_left_alone(office: Office):
    browser, step = office.browser(SLOT), office.step_id("bao-cao", SLOT)
    browser.act(step, "save-draft", **{"figures.kho_khan": "Mưa"})
    browser.act(step, "save-draft", **{"figures.kho_khan": "Gió"})
    stale = {"was.figures.kho_khan": "Mưa", "figures.kho_khan": "Mưa", "was.figures.so": "", "figures.so": "6"}
    browser.act(step, "save-draft", **stale)
    assert draft(office)["figures"] == {"so": 6, "kho_khan": "Gió"}


def test_a_wrong_figure_is_said_at_its_field_with_what_to_write_and_comes_back(office: Office):
    browser, step = office.browser(SLOT), office.step_id("bao-cao", SLOT)
    answer = browser.act(step, "save-draft", **{"figures.so": "1,234", "figures.de_xuat": "Thêm xe"})
    assert answer.status_code == 422
    assert 'href="#submit-figures.so"' in answer.text and 'id="submit-figures.so"' in answer.text
    assert "Viết 1.234 hoặc 1,2340." in words(answer)
    assert 'value="1,234"' in answer.text and "Thêm xe" in answer.text
    assert draft(office) == {}


def test_cells_pasted_from_a_spreadsheet_fill_the_fields_and_nothing_is_saved(office: Office):
    browser, step = office.browser(SLOT), office.step_id("bao-cao", SLOT)
    form = browser.carried(step, "save-draft")
    answer = browser.post(f"/steps/{step}/paste", **{**form, "paste": "Số đơn vị\t1.234", "figures.de_xuat": "Thêm xe"})
    assert answer.status_code == 200
    assert re.search(r'name="figures.so" type="text" value="1.234"', answer.text) and "Thêm xe" in answer.text
    wrong = browser.post(f"/steps/{step}/paste", **{**form, "paste": "so\t1,5"})
    assert wrong.status_code == 422
    assert "Ô B1: Số đơn vị: Phải là số nguyên." in words(wrong) and 'value="1,5"' in wrong.text
    assert draft(office) == {}


def test_nobody_pastes_into_a_step_that_they_may_not_read(office: Office):
    browser = office.browser("huyen-02")
    assert browser.post(f"/steps/{office.step_id('bao-cao', SLOT)}/paste", paste="1").status_code == 404


def test_a_step_that_joins_reports_shows_their_sums_and_takes_them_over(office: Office):
    browser, step = office.browser("thuong-truc"), office.step_id("tong-hop")
    assert "0/3 đơn vị đã nộp" in words(browser.get(f"/steps/{step}"))
    assert "Còn thiếu: 3 đơn vị" in words(browser.get(f"/steps/{step}"))
    reported(office)
    assert "Số đơn vị 12 – –" in words(browser.get(f"/steps/{step}"))
    assert browser.act(step, "consolidate").status_code == 303
    assert "Số đơn vị 12 12 12" in words(browser.get(f"/steps/{step}"))


def test_a_correction_after_consolidating_is_shown_where_the_sum_was_used(office: Office):
    browser, step = office.browser("thuong-truc"), office.step_id("tong-hop")
    reported(office)
    browser.act(step, "consolidate")
    browser.act(office.step_id("bao-cao", SLOT), "correct", field="figures.so", value="1.040", reason="gõ sai")
    page = words(browser.get(f"/steps/{step}"))
    assert "Số liệu đã thay đổi sau khi tổng hợp." in page
    assert "huyen-01, Số đơn vị: 4 → 1.040" in page
