"""Figures on their pages, as files for a spreadsheet, and over the API."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from models.tables import workflow
from tests.factories import OFFICER, district
from tests.services.test_act import through_plan
from tests.web.office import Office, words
from web.figure_tables import Cell, as_csv, as_xlsx

TROUBLE = '=HYPERLINK("http://x")'


@pytest.fixture
def reported(office: Office) -> Office:
    """Two of three districts have reported; one of them wrote something that looks like a formula."""
    through_plan(office.plan)
    for n in (1, 2, 3):
        office.plan.act(OFFICER, "open-early", "bao-cao", f"huyen-{n:02}", payload={"reason": "thử"})
    office.plan.act(district(1), "submit", "bao-cao", "huyen-01", payload={"figures": {"so": "1.234", "kho_khan": TROUBLE}})
    office.plan.act(OFFICER, "approve", "bao-cao", "huyen-01")
    office.plan.act(district(2), "submit", "bao-cao", "huyen-02", payload={"figures": {"so": "0"}})
    return office


def address(office: Office, more: str = "") -> str:
    return f"/figures/{office.plan.workflow_id}/bao-cao{more}"


def sheet_of(content: bytes) -> list[Any]:
    """The rows of a workbook's sheet."""
    return list(load_workbook(BytesIO(content)).worksheets[0])


def test_the_list_leads_to_the_table_with_sums_and_who_is_missing(reported: Office):
    browser = reported.browser("giam-sat")
    listed = browser.get("/figures")
    assert f'href="{address(reported)}"' in listed.text and "2/3" in words(listed)
    page = words(browser.get(address(reported)))
    for said in (
        "Còn thiếu: 1 đơn vị",
        "huyen-01 1.234 Đã duyệt lần 1, 10/06",
        "huyen-02 0 Chờ xác nhận",
        "Tổng 1.234",
        "Số đơn vị có số 2/3",
    ):
        assert said in page
    assert "huyen-03 – Chưa nộp" in page


def test_a_unit_sees_its_own_row_and_no_sum(reported: Office):
    page = words(reported.browser("huyen-02").get(address(reported)))
    assert "2 đơn vị khác không thuộc phạm vi bạn được xem" in page
    assert "1.234" not in page and "Tổng" not in page
    assert reported.browser("nguoi-la").get(address(reported)).status_code == 404


def test_a_day_that_is_none_is_said_at_its_field_and_comes_back(reported: Office):
    browser = reported.browser("giam-sat")
    for typed in ("31/02/2024", "x", "11/06/2024", "9999-12-31"):
        answer = browser.get(address(reported), params={"day": typed})
        assert answer.status_code == 422 and f'value="{typed}"' in answer.text and 'aria-invalid="true"' in answer.text
    assert "huyen-01 – Chưa nộp" in words(browser.get(address(reported), params={"day": "09/06/2024"}))


def test_the_csv_opens_in_a_vietnamese_spreadsheet_and_holds_no_formula(reported: Office):
    answer = reported.browser("giam-sat").get(address(reported, "/table.csv"))
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.headers["content-type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[0].split(";")[:2] == ["Mã đơn vị", "Đơn vị"]
    assert lines[1].startswith("huyen-01;huyen-01;Đã duyệt;1;10/06/2024;;1234;") and "\"'=HYPERLINK" in lines[1]
    assert lines[3].startswith("huyen-03;huyen-03;Chưa nộp;;;;;")  # missing, not 0
    assert lines[4].startswith(";Tổng;;;;;1234")


def test_the_workbook_holds_numbers_as_numbers_and_texts_as_texts(reported: Office):
    answer = reported.browser("giam-sat").get(address(reported, "/table.xlsx"))
    rows = sheet_of(answer.content)
    head = next(i for i, row in enumerate(rows) if row[0].value == "Mã đơn vị")
    assert "Còn thiếu 1 đơn vị: huyen-03." in [row[0].value for row in rows[:head]]
    first = rows[head + 1]
    assert (first[6].value, first[6].data_type) == (1234, "n")
    assert (first[7].value, first[7].data_type) == (TROUBLE, "s")
    assert rows[head + 3][6].value is None


def test_the_workbook_shows_whole_texts_and_prints_as_wide_as_a_page():
    rows: list[list[Cell]] = [["a", "b", "c", None, "", "", "chữ " * 40], ["a", "b", "c", None, "22/03/2024", "", "chữ"]]
    sheet: Any = load_workbook(BytesIO(as_xlsx("Tên bảng", ["Ghi chú"], [*"abcdefg"], rows))).worksheets[0]
    assert [sheet[place].alignment.wrap_text for place in ("A1", "A2", "G4")] == [None, None, True], "titles run on over empty cells"
    assert sheet.column_dimensions["G"].width == 36 and sheet.row_dimensions[4].height >= 5 * 16
    assert sheet.row_dimensions[5].height == 16, "a date is no reason for a second line"
    assert (sheet.print_title_rows, sheet.freeze_panes, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("$3:$3", "C4", True)
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_what_a_spreadsheet_cannot_hold_exactly_goes_as_text():
    rows: list[list[Cell]] = [[Decimal(10**16), Decimal("1.5"), Decimal("-2"), "-2"]]
    sheet = sheet_of(as_xlsx("t", [], ["a", "b", "c", "d"], rows))
    assert [c.value for c in sheet[2]] == [str(10**16), 1.5, -2, "-2"]
    assert as_csv(["a"], [[Decimal("-1234.5"), "-2", "+84", "@x"]]).decode("utf-8-sig").split("\r\n")[1] == "-1234,5;'-2;'+84;'@x"


def test_what_is_confidential_leaves_in_no_file_and_stands_in_no_list(reported: Office):
    with reported.db.write() as connection:
        connection.execute(update(workflow).values(confidential=True))
    browser = reported.browser("giam-sat")
    assert browser.get(address(reported, "/table.csv")).status_code == 403
    assert browser.get(address(reported, "/table.xlsx")).status_code == 403
    assert "bao-cao" not in browser.get("/figures").text
    assert browser.api("GET", address(reported)).status_code == 404 and browser.api("GET", "/figures").json() == []
    assert "1.234" in words(browser.get(address(reported)))


def test_the_api_gives_every_digit_and_null_for_a_sum_of_nothing(reported: Office):
    browser = reported.browser("giam-sat")
    large = 2**53 + 1
    reported.plan.act(district(3), "submit", "bao-cao", "huyen-03", payload={"figures": {"so": large}})
    found = browser.api("GET", address(reported)).json()
    assert [u["figures"].get("so") for u in found["units"]] == ["1234", "0", str(large)]
    assert found["periods"][0]["totals"][0]["sum"] == str(large + 1234)
    before = browser.api("GET", address(reported) + "?day=2024-06-09&as=known").json()
    assert (before["periods"][0]["totals"][0]["sum"], before["missing"]) == (None, ["huyen-01", "huyen-02", "huyen-03"])
    assert browser.api("GET", address(reported) + "?day=2024-06-11").status_code == 422
    assert {r["code"]: (r["handed_in"], r["expected"]) for r in browser.api("GET", "/figures").json()}["bao-cao"] == (3, 3)
