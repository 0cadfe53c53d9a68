"""A table of units × figures that came on paper, recorded by the standing agency."""

from dataclasses import replace

import pytest

from engine.figures import value_of
from services.queries.figures_page import figures_page
from services.queries.units import unit_names
from services.record_figures import preview, record
from tests.factories import CALENDAR, OFFICER, at, district
from tests.services.test_act import through_plan
from tests.web.office import Office, words

PAPER = {"number": "45/BC", "date": "09/06/2024", "signer": "Chủ tịch"}
TABLE = "Đơn vị\tSố đơn vị\nhuyen-01\t1.234\nhuyen-02\t\nhuyen-03\t5\nTổng\t1.239"


@pytest.fixture
def waiting(office: Office) -> Office:
    """Two districts owe their reports, the third has handed in."""
    through_plan(office.plan)
    for n in (1, 2, 3):
        office.plan.act(OFFICER, "open-early", "bao-cao", f"huyen-{n:02}", payload={"reason": "thử"})
    office.plan.act(district(3), "submit", "bao-cao", "huyen-03", payload={"figures": {"so": "7"}})
    return office


def address(office: Office) -> str:
    return f"/figures/{office.plan.workflow_id}/bao-cao/record"


def statuses(office: Office) -> list[str]:
    return [office.plan.status("bao-cao", f"huyen-{n:02}") for n in (1, 2, 3)]


def test_a_table_is_shown_before_anything_is_recorded(waiting: Office):
    answer = waiting.browser("thuong-truc").post(address(waiting), paste=TABLE, **PAPER)
    page = words(answer)
    assert answer.status_code == 200
    assert "huyen-01 1.234 sẽ ghi nhận" in page and "huyen-02 – sẽ ghi nhận" in page
    assert "huyen-03 5 Bước đang “Chờ xác nhận”, không ghi nhận." in page and "Ghi nhận 2 đơn vị" in page
    assert statuses(waiting) == ["open", "open", "submitted"]


def test_confirming_records_each_unit_with_its_document_and_only_once(waiting: Office):
    browser = waiting.browser("thuong-truc")
    for _ in range(2):
        answer = browser.post(address(waiting), paste=TABLE, confirm="1", key="k", **PAPER)
    assert statuses(waiting) == ["submitted", "submitted", "submitted"]
    assert waiting.plan.step("bao-cao", "huyen-01")["round"] == 1
    table = words(browser.get(address(waiting).removesuffix("/record")))
    assert "huyen-01 1.234 Chờ xác nhận lần 1, 09/06 · ghi nhận thay" in table and "huyen-02 – Chờ xác nhận" in table
    assert answer.status_code == 200


def test_two_clicks_at_once_record_once(waiting: Office):
    """Both saw the same preview; the second must not be taken for a decision on what the first one entered."""
    units = unit_names(waiting.db, waiting.day)
    page = figures_page(waiting.db, OFFICER, waiting.plan.workflow_id, "bao-cao")
    lines = preview(page, units, TABLE).possible
    paper = {**PAPER, "date": "2024-06-09"}
    for _ in range(2):
        done = record(waiting.db, lines, paper, actor=OFFICER, key="k", now=at(waiting.day), calendar=CALENDAR)
        assert [line.why for line in done] == [None, None]
    assert statuses(waiting) == ["submitted", "submitted", "submitted"]


def test_a_fraction_is_recorded_as_it_was_pasted(waiting: Office):
    page = figures_page(waiting.db, OFFICER, waiting.plan.workflow_id, "bao-cao")
    hours = replace(page.columns[0], type="number")
    lines = preview(replace(page, columns=(hours,)), unit_names(waiting.db, waiting.day), "x\tso\nhuyen-01\t1.234,5").possible
    assert value_of(hours, lines[0].values["so"], field="so") == "1234.5"


def test_everything_wrong_is_told_at_once_and_nothing_is_recorded(waiting: Office):
    wrong = "Đơn vị\tSố đơn vị\nhuyen-01\t1,234\nhuyen-99\t1"
    answer = waiting.browser("thuong-truc").post(address(waiting), paste=wrong, confirm="1", number="", date="31/02/2024", signer="Ai")
    page = words(answer)
    assert answer.status_code == 422
    assert "Ô B2: Số đơn vị" in page and "Ô A3: Không có đơn vị “huyen-99”" in page
    assert 'id="record-number-e"' in answer.text and 'id="record-date-e"' in answer.text
    assert "1,234" in answer.text and 'value="31/02/2024"' in answer.text
    assert statuses(waiting) == ["open", "open", "submitted"]


def test_it_is_for_the_standing_agency(waiting: Office):
    assert waiting.browser("huyen-01").post(address(waiting), paste=TABLE, **PAPER).status_code == 403
    assert "Ghi nhận từ bảng" in words(waiting.browser("thuong-truc").get(address(waiting).removesuffix("/record")))
    assert "Ghi nhận từ bảng" not in words(waiting.browser("giam-sat").get(address(waiting).removesuffix("/record")))
