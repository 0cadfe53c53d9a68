"""Spreadsheets that people send, as rows of cells: XLSX or CSV, within limits, with the place of every cell.

Read only and cell by cell: a file that would unpack to more than a real one ever does is refused before it is unpacked. Merged cells are
reported, since what stands in them belongs to no row.
"""

from __future__ import annotations

import csv
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO

from engine.definition import Text
from engine.errors import Invalid

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 5 * 1024 * 1024, 60_000_000, 300
MOST_ROWS, MOST_COLUMNS, LONGEST = 20_000, 40, 500
BROKEN = (
    zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, IndexError, TypeError, ValueError, OSError, EOFError, SyntaxError
)  # fmt: skip
"""What spoilt, locked or half written workbooks raise inside the libraries that read them."""
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
Value = str | date | float | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number and its cells from column A on."""

    number: int
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first sheet of a file. ``merged``: ranges of merged cells."""

    name: str
    rows: tuple[SheetRow, ...]
    merged: tuple[str, ...] = ()

    def place(self, row: int, column: int) -> str:
        """Where a cell is, as a spreadsheet says it: ``Sheet1!C7`` (``column`` counts from 0)."""
        from openpyxl.utils import get_column_letter

        return f"{self.name}!{get_column_letter(column + 1)}{row}"


def read_sheet(data: bytes) -> Sheet:
    """The first sheet of ``data``. Raises Invalid for what is no spreadsheet, or a larger one than can be real."""
    if len(data) > MOST_BYTES:
        raise _bad(Text("Tệp quá lớn, tối đa 5 MB.", "The file is too large, at most 5 MB."), "too-large")
    found = _xlsx(data) if data[:2] == b"PK" else _csv(data)
    if not any(any(cell is not None for cell in row.cells) for row in found.rows):
        raise _bad(Text("Bảng tính không có dòng nào.", "The spreadsheet holds no row."), "empty")
    return found


def _bad(text: Text, code: str) -> Invalid:
    hint = Text("Dùng mẫu tải về từ trang này, lưu dạng XLSX hoặc CSV (UTF-8).", "Use the template, saved as XLSX or as CSV in UTF-8.")
    return Invalid(text, code=code, hint=hint, field="file")


def _xlsx(data: bytes) -> Sheet:
    from openpyxl import load_workbook  # only here and below: it weighs ten megabytes, which a web process need not carry

    no_workbook = _bad(Text("Không đọc được tệp XLSX này.", "This XLSX file cannot be read."), "no-workbook")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise _bad(Text("Tệp này giải nén ra quá lớn.", "This file unpacks to too much."), "too-large")
            book = load_workbook(BytesIO(data), read_only=True, data_only=True)
            try:
                sheet = book.worksheets[0]
                path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
                merged = tuple(m.decode() for m in _MERGED.findall(archive.read(path))) if path in archive.namelist() else ()
                rows = tuple(
                    _limited(SheetRow(n, tuple(map(_value, cells))) for n, cells in enumerate(sheet.iter_rows(values_only=True), 1))
                )
                return Sheet(sheet.title, rows, merged)
            finally:
                book.close()
    except Invalid:
        raise
    except BROKEN as error:
        raise no_workbook from error


def _csv(data: bytes) -> Sheet:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad(Text("Tệp không phải XLSX hay CSV (UTF-8).", "The file is neither XLSX nor CSV in UTF-8."), "not-utf8") from None
    if "\0" in text:
        raise _bad(Text("Tệp không phải XLSX hay CSV.", "The file is neither XLSX nor CSV."), "not-text")
    first = text.partition("\n")[0]
    mark = max(";,\t", key=first.count)
    try:
        read = csv.reader(StringIO(text), delimiter=mark)
        rows = tuple(_limited(SheetRow(n, tuple(map(_value, cells))) for n, cells in enumerate(read, 1)))
    except csv.Error as error:
        raise _bad(Text("Không đọc được tệp CSV này.", "This CSV file cannot be read."), "no-csv") from error
    return Sheet("CSV", rows)


def _limited(rows: Iterator[SheetRow]) -> Iterator[SheetRow]:
    for row in rows:
        if row.number > MOST_ROWS:
            raise _bad(Text(f"Quá {MOST_ROWS} dòng.", f"More than {MOST_ROWS} rows."), "too-many-rows")
        yield SheetRow(row.number, row.cells[:MOST_COLUMNS])


def _value(cell: object) -> Value:
    """A cell: text trimmed, in NFC and without no-break spaces; a day without its hour."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        return "có" if cell else "không"
    if isinstance(cell, int | float):
        return float(cell)
    text = unicodedata.normalize("NFC", str(cell or "")).replace("\u00a0", " ").strip()
    return text[:LONGEST] or None
