"""Prior steps closed from a spreadsheet: checked wholly first, written once, and never in a rate or a mail."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from engine.errors import Invalid, NotFound
from models.database import Database
from models.tables import journal_entry, prior_result
from services.invariants import violations
from services.prior import PriorPreview, preview_prior, prior_steps, record_prior
from services.prior_sheet import HEADINGS, template, template_xlsx
from services.sheets import MOST_BYTES
from services.verify_journal import verify
from tests.factories import CALENDAR, OFFICER, at, festival
from tests.services.mailing import Mailing

TODAY = date(2024, 8, 1)
NUMBERED = ("có", "12/KH-BCĐ", "21/06/2024")


class Office(Mailing):
    """The festival taken up on 1 August: what was due in June and July is prior."""

    def __init__(self, db: Database) -> None:
        super().__init__(db, TODAY, replace(festival(), tracked_from=TODAY))

    def rows(self) -> list[list[str]]:  # type: ignore[override]
        """The template."""
        return template(prior_steps(self.db, self.plan_id, today=TODAY))

    def csv(self, *rows: list[Any] | tuple[Any, ...]) -> bytes:
        """A CSV of ``rows`` under the headings."""
        return "\n".join(";".join(map(str, row)) for row in (list(HEADINGS.values()), *rows)).encode("utf-8-sig")

    def row(self, step: str, unit: str, done: str = "", number: str = "", day: str = "") -> list[str]:
        """A row of the template, filled in."""
        found = next(r for r in self.rows() if (r[3], r[4]) == (step, unit))
        return [*found[:8], done, number, day]

    def preview(self, data: bytes) -> PriorPreview:
        """What it would record."""
        return preview_prior(self.db, self.plan_id, data, now=at(TODAY))

    def results(self) -> int:
        """How many results are stored."""
        with self.db.read() as connection:
            return connection.execute(select(func.count()).select_from(prior_result)).scalar_one()


@pytest.fixture
def office(db: Database) -> Office:
    return Office(db)


def test_the_template_holds_every_prior_step_and_reads_back_empty(office: Office) -> None:
    rows = office.rows()
    assert [(r[3], r[4]) for r in rows[1:]] == [
        ("ke-hoach", "cong-an-tinh"), *(("ke-hoach-huyen", f"huyen-{n:02}") for n in (1, 2, 3)),
        *(("gop-y", f"huyen-{n:02}") for n in (1, 2, 3)),
    ]  # fmt: skip
    steps = prior_steps(office.db, office.plan_id, today=TODAY)
    found = office.preview(template_xlsx(steps))
    assert (found.changes, found.problems) == ((), ())


def test_what_is_filled_in_is_recorded_once_and_stays_prior(office: Office) -> None:
    data = office.csv(office.row("ke-hoach", "cong-an-tinh", *NUMBERED), office.row("gop-y", "huyen-02", "không"))
    found = office.preview(data)
    assert (len(found.changes), found.problems) == (2, ())
    assert office.results() == 0  # nothing was written
    seq = office.workflow()["seq"]
    for expected in (2, 0):
        assert record_prior(office.db, office.plan_id, found.changes, actor=OFFICER, now=at(TODAY)) == expected
    assert office.results() == 2 and office.workflow()["seq"] == seq + 1
    assert office.status("ke-hoach") == "prior"
    again = office.preview(data)
    assert (again.changes, again.known) == ((), 2)
    with office.db.read() as connection:
        body = connection.execute(select(journal_entry.c.body).where(journal_entry.c.action == "record-prior")).scalar_one()
    assert [(f["kind"], f["done"], f["number"]) for f in body["facts"]] == [
        ("step.prior-recorded", True, "12/KH-BCĐ"), ("step.prior-recorded", False, ""),
    ]  # fmt: skip
    assert not verify(office.db).faults
    assert violations(office.db, now=office.now(23), calendar=CALENDAR) == []
    assert [r[8:] for r in office.rows() if r[3] == "ke-hoach"] == [list(NUMBERED)]


def test_a_correction_replaces_what_was_known_and_is_journaled_too(office: Office) -> None:
    for number in ("12/KH-BCĐ", "13/KH-BCĐ"):
        found = office.preview(office.csv(office.row("ke-hoach", "cong-an-tinh", "có", number, "21/06/2024")))
        assert record_prior(office.db, office.plan_id, found.changes, actor=OFFICER, now=at(TODAY)) == 1
    assert [r[9] for r in office.rows() if r[3] == "ke-hoach"] == ["13/KH-BCĐ"]


WRONG: tuple[tuple[str, dict[int, Any], str, str], ...] = (
    ("unit", {4: "huyen-09"}, "CSV!E2", "No prior step has unit “huyen-09”."),
    ("step", {3: "khong-co"}, "CSV!D2", "No prior step has step “khong-co”."),
    ("a step that is tracked", {3: "bao-cao"}, "CSV!D2", "No prior step has step “bao-cao”."),
    ("a date as text that cannot be read", {10: "cuối tháng 6"}, "CSV!K2", "“cuối tháng 6” is no date; write 22/07/2024."),
    ("a day that does not exist", {10: "31/06/2024"}, "CSV!K2", "“31/06/2024” is no date; write 22/07/2024."),
    ("a date after today", {10: "02/08/2024"}, "CSV!K2", "That day is in the future."),
    ("a date before the issue", {10: "01/01/2024"}, "CSV!K2", "That day lies before the plan was issued."),
    ("neither yes nor no", {8: "gần xong"}, "CSV!I2", "Write “có” (yes) or “không” (no)."),
    ("done without its number", {9: ""}, "CSV!J2", "Done needs the number of the document."),
    ("done without its date", {10: ""}, "CSV!K2", "Done needs the date of the document."),
    ("a number without saying whether it is done", {8: ""}, "CSV!I2", "A number or date, but not whether it is done."),
)


@pytest.mark.parametrize(("edits", "place", "text"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_every_mistake_is_named_with_its_cell_and_nothing_is_recorded(office: Office, edits: dict[int, Any], place: str, text: str) -> None:
    row: list[Any] = office.row("ke-hoach", "cong-an-tinh", *NUMBERED)
    for column, value in edits.items():
        row[column] = value
    found = office.preview(office.csv(row, office.row("gop-y", "huyen-01", "có")))
    assert (place, text) in {(p.place, p.text.en) for p in found.problems}
    assert found.changes == ()  # not even the good row


def test_all_problems_are_listed_at_once(office: Office) -> None:
    good = office.row("gop-y", "huyen-01", "có")
    found = office.preview(office.csv(good, good, office.row("gop-y", "huyen-02", "có", "", "02/08/2024"), ["x"] * 11))
    assert [p.place for p in found.problems] == ["CSV!D3", "CSV!K4", "CSV!A5"]
    assert found.problems[0].text.en == "The same as row 2."


def test_wrong_columns_are_named(office: Office) -> None:
    found = office.preview("Nhiệm vụ;Quy trình;Ghi chú\nNV4;ngay-hoi;x".encode())
    assert [(p.place, p.text.en) for p in found.problems] == [
        ("CSV!C1", "The column “Ghi chú” is not in the template, or twice."),
        ("CSV!A1", "Missing columns: Chu kỳ, Bước, Đơn vị, Đã xong, Số văn bản, Ngày văn bản."),
    ]


def test_merged_cells_of_a_workbook_are_named_and_real_dates_are_read(office: Office) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tháng 6"
    row = office.row("ke-hoach", "cong-an-tinh", "có", "12/KH", "")
    for cells in (list(HEADINGS.values()), [*row[:10], date(2024, 6, 21)]):
        sheet.append(cells)
    good = office.preview(saved(book))
    assert [(r.number, r.dated_on) for r in good.changes] == [("12/KH", date(2024, 6, 21))]
    sheet.merge_cells("A3:B4")
    found = office.preview(saved(book))
    assert [(p.place, p.text.en) for p in found.problems] == [("Tháng 6!A3:B4", "Merged cells; unmerge them.")]


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """A small archive that unpacks to much."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 61_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"), (b"\xff\xfe\x00a", "not-utf8"), (b"a\0b", "not-text"), (b"PK\x03\x04rubbish", "no-workbook"),
        (b"x" * (MOST_BYTES + 1), "too-large"), (bomb(), "too-large"), (b"a;b\n" * 20_001, "too-many-rows"),
    ],
    ids=["nothing", "no text", "binary", "no archive", "large", "a bomb", "rows"],
)  # fmt: skip
def test_what_is_no_spreadsheet_or_too_much_is_refused(office: Office, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        office.preview(data)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_an_unknown_plan_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        preview_prior(office.db, 99, office.csv(), now=at(TODAY))
