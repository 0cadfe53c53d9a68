"""A spreadsheet with a row of headings: its columns by name, and every problem at its cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from engine.definition import Text
from services.sheets import Sheet, SheetRow, Value


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong, and in which cell (``Sheet1!C7``)."""

    place: str
    text: Text


class SheetTable:
    """The rows of ``sheet`` under ``headings`` (name → what stands above the column); those of ``spare`` may be left out.

    ``problems`` begins with merged cells and with columns that are unknown, twice or missing; readers add to it. While a column is
    missing or unknown ``rows`` is empty, since nobody knows what its cells mean.
    """

    def __init__(self, sheet: Sheet, headings: Mapping[str, str], *, spare: Collection[str] = ()) -> None:
        self.sheet = sheet
        self.columns: dict[str, int] = {}
        self.problems = [
            CellProblem(f"{sheet.name}!{ref}", Text("Ô bị gộp; hãy bỏ gộp ô.", "Merged cells; unmerge them.")) for ref in sheet.merged
        ]
        filled = [row for row in sheet.rows if any(cell is not None for cell in row.cells)]
        wrong = self._head(filled[0], headings, spare)
        self.problems += wrong
        self.rows = () if wrong else tuple(filled[1:])

    def cell(self, row: SheetRow, name: str) -> Value:
        """What stands in a row under a heading; None for nothing."""
        i = self.columns.get(name, len(row.cells))
        return row.cells[i] if i < len(row.cells) else None

    def text(self, row: SheetRow, name: str) -> str:
        """The same as text: whole numbers without a decimal point, days as dd/mm/yyyy."""
        cell = self.cell(row, name)
        if isinstance(cell, float):
            return f"{cell:.0f}" if cell.is_integer() else str(cell)
        return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell or ""

    def wrong(self, row: SheetRow, name: str, text: Text) -> None:
        """Note a problem at a cell."""
        self.problems.append(CellProblem(self.sheet.place(row.number, self.columns.get(name, 0)), text))

    def _head(self, head: SheetRow, headings: Mapping[str, str], spare: Collection[str]) -> list[CellProblem]:
        names = {plain(heading): name for name, heading in headings.items()}
        problems = []
        for i, cell in enumerate(head.cells):
            if cell is None:
                continue
            name = names.get(plain(str(cell)))
            if name is None or name in self.columns:
                what = Text(f"Cột “{cell}” không có trong mẫu hoặc bị lặp.", f"The column “{cell}” is not in the template, or twice.")
                problems.append(CellProblem(self.sheet.place(head.number, i), what))
            else:
                self.columns[name] = i
        missing = [headings[name] for name in headings if name not in self.columns and name not in spare]
        if missing:
            shown = ", ".join(missing)
            problems.append(CellProblem(self.sheet.place(head.number, 0), Text(f"Thiếu cột: {shown}.", f"Missing columns: {shown}.")))
        return problems


def workbook(title: str, rows: Collection[Collection[str]], widths: Collection[int]) -> bytes:
    """``rows`` as an XLSX file of one sheet, the headings first and held in place; ``widths`` in characters."""
    from openpyxl import Workbook  # only here: it weighs ten megabytes
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in rows:
        sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def plain(text: str) -> str:
    """``text`` in lower case without accents."""
    letters = unicodedata.normalize("NFD", text.strip().lower().replace("đ", "d"))
    return "".join(c for c in letters if not unicodedata.combining(c))
