"""A table of figures as a file: CSV that a Vietnamese spreadsheet opens rightly, and XLSX.

CSV has a byte order mark, semicolons and a comma before fractions: what Excel expects where the comma is the decimal sign. A text that
a spreadsheet would take for a formula gets an apostrophe in front; in XLSX it is stored as text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from engine.figures import NUMERIC, number_of
from engine.standings import STANDING_TEXT
from services.queries.figures_page import FiguresPage
from services.queries.units import UnitNames

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell

Cell = str | Decimal | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
EXCEL_DIGITS = 15  # what a spreadsheet keeps; a number with more goes as text


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


def as_xlsx(title: str, notes: Sequence[str], head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as a workbook of one sheet, under its title and ``notes`` (as of which day, what is missing)."""
    from openpyxl import Workbook  # only here: it weighs ten megabytes, which a web process need not carry
    from openpyxl.cell.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Số liệu")
    sheet.freeze_panes = f"C{len(notes) + 3}"
    for column, width in (("A", 14), ("B", 32), ("C", 16), ("E", 12)):
        sheet.column_dimensions[column].width = width

    def cell(value: Cell, *, bold: bool = False) -> SheetCell:
        made = WriteOnlyCell(sheet, value=_xlsx(value))
        if isinstance(value, str):
            made.data_type = "s"  # never a formula, whatever it begins with
        elif value is not None:
            made.number_format = "#,##0" if value == value.to_integral_value() else "#,##0.######"
        made.font, made.alignment = Font(bold=bold), Alignment(vertical="top", wrap_text=isinstance(value, str))
        return made

    sheet.append([cell(title, bold=True)])
    for note in notes:
        sheet.append([cell(note)])
    sheet.append([cell(name, bold=True) for name in head])
    for row in rows:
        sheet.append([cell(value, bold=row[1] == "Tổng") for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


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
