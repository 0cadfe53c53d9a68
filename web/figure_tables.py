"""A table of figures as a file: CSV that a Vietnamese spreadsheet opens rightly, and XLSX.

CSV has a byte order mark, semicolons and a comma before fractions: what Excel expects where the comma is the decimal sign. A text that
a spreadsheet would take for a formula gets an apostrophe in front; in XLSX it is stored as text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from engine.figures import NUMERIC, number_of
from engine.standings import STANDING_TEXT
from services.queries.figures_page import FiguresPage
from services.queries.units import UnitNames

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell

Cell = str | Decimal | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
EXCEL_DIGITS = 15  # what a spreadsheet keeps; a number with more goes as text
WIDTHS = (18, 34, 22, 8, 12, 24)  # characters: code, unit, standing, round, day, corrections
NUMBER_WIDTH, TEXT_WIDTH = 18, 36
LINE, MOST_LINES = 16, 25  # points; a spreadsheet's row is at most 409 high
A4 = 9  # as OOXML counts paper sizes


def table(page: FiguresPage, units: UnitNames) -> tuple[list[str], list[list[Cell]]]:
    """(head, rows): a row for each unit, then the sums, which are left out where the reader does not see every unit."""
    figures = (*page.columns, *page.texts)
    head = ["Mã đơn vị", "Đơn vị", "Tình trạng", "Lần nộp", "Ngày nộp", "Đã đính chính", *(f.title.vi for f in figures)]
    rows: list[list[Cell]] = []
    for row in page.rows:
        r = row.reported
        day = f"{r.submitted_on:%d/%m/%Y}" if r.submitted_on else ""
        start: list[Cell] = [
            row.slot,
            units.name(row.slot or row.lead).vi,
            STANDING_TEXT[r.standing].vi,
            Decimal(r.round) if r.round else None,
            day,
        ]
        old = "; ".join(f"{f.title.vi}: {r.old[f.code]}" for f in figures if f.code in r.old)
        values = [_value(f.type, r.figures.get(f.code) if r.counts else None) for f in figures]
        rows.append([*start, old, *values])
    if page.totals is not None:
        sums: list[Cell] = [t.sum for t in page.totals]
        rows.append(["", "Tổng", "", None, "", "", *sums, *("" for _ in page.texts)])
    return head, rows


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as CSV."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([_csv(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(title: str, notes: Sequence[str], head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The table as a workbook of one sheet that prints as wide as a page, under its title and ``notes`` (of which day, what is missing)."""
    from openpyxl import Workbook  # only here: it weighs ten megabytes, which a web process need not carry
    from openpyxl.cell.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, Side

    book = Workbook(write_only=True)
    sheet, top = book.create_sheet("Số liệu"), len(notes) + 2
    widths = _widths(len(head), rows)
    _lay_out(sheet, top, widths)
    line = Side(style="thin", color="B0B7C3")
    ruled = Border(left=line, right=line, top=line, bottom=line)

    def cell(value: Cell, *, bold: bool = False, within: bool = True) -> SheetCell:
        """``within`` the table: ruled and broken into lines; a title or a note runs on beyond its column."""
        made = WriteOnlyCell(sheet, value=_xlsx(value))
        if isinstance(value, str):
            made.data_type = "s"  # never a formula, whatever it begins with
        elif value is not None:
            made.number_format = "#,##0" if value == value.to_integral_value() else "#,##0.######"
        made.font, made.alignment = Font(bold=bold), Alignment(vertical="top", wrap_text=within and isinstance(value, str))
        if within:
            made.border = ruled
        return made

    sheet.append([cell(title, bold=True, within=False)])
    for note in notes:
        sheet.append([cell(note, within=False)])
    for n, row in enumerate((head, *rows), top):
        sheet.row_dimensions[n].height = LINE * _lines(row, widths)  # not every program finds it out by itself
        sheet.append([cell(value, bold=n == top or row[1] == "Tổng") for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _widths(columns: int, rows: Sequence[Sequence[Cell]]) -> list[int]:
    """How many characters wide each column is: what somebody wrote at length gets more room."""
    written = {n for row in rows for n, value in enumerate(row) if isinstance(value, str) and len(value) > NUMBER_WIDTH}
    figures = (TEXT_WIDTH if n in written else NUMBER_WIDTH for n in range(len(WIDTHS), columns))
    return [*WIDTHS[:columns], *figures]


def _lines(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """How many lines the longest text of ``row`` takes in its column, as far as a row may be high."""
    texts = ((value.splitlines(), width) for value, width in zip(row, widths, strict=True) if isinstance(value, str))
    most = max((sum(len(wrap(line, width - 2)) or 1 for line in lines) for lines, width in texts), default=1)
    return min(max(most, 1), MOST_LINES)


def _lay_out(sheet: Any, top: int, widths: Sequence[int]) -> None:
    """How the worksheet ``sheet``, whose table's head is row ``top``, is seen and printed: a page wide, lying, its head on every page."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.freeze_panes = f"C{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _value(kind: str, value: object) -> Cell:
    if value is None:
        return None
    return number_of(value) if kind in NUMERIC else str(value)


def _csv(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    text = cell or ""
    return f"'{text}" if text.startswith(FORMULA) else text


def _xlsx(cell: Cell) -> str | int | float | None:
    if not isinstance(cell, Decimal):
        return cell
    if len(cell.as_tuple().digits) > EXCEL_DIGITS:
        return f"{cell:f}"
    return int(cell) if cell == cell.to_integral_value() else float(cell)
