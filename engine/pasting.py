"""Cells pasted from a spreadsheet, and which figure each of them is. Every problem names its cell as the spreadsheet would: B3."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from engine.definition import Figure, Text
from engine.errors import Invalid
from engine.figures import Value, shown, value_of
from engine.numbers import Notation

ROWS, COLUMNS = 500, 100


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in one ``cell`` ("B3"; "" for the whole). ``figure``: the code of the one that the cell gives, if that is known."""

    cell: str
    text: Text
    figure: str = ""

    @property
    def sentence(self) -> Text:
        """The cell with what is wrong in it."""
        return Text(f"Ô {self.cell}: {self.text.vi}", f"Cell {self.cell}: {self.text.en}") if self.cell else self.text


@dataclass(frozen=True, slots=True)
class Pasted:
    """``values``: code → as stored; ``typed``: code → as it is read and typed, wrong ones as they were pasted."""

    values: Mapping[str, Value]
    typed: Mapping[str, str]
    problems: tuple[CellProblem, ...]


@dataclass(frozen=True, slots=True)
class PastedUnits:
    """``rows``: slot → code → value as stored."""

    rows: Mapping[str, Mapping[str, Value]]
    problems: tuple[CellProblem, ...]


def cells(text: str) -> list[list[str]]:
    """The rows of what was copied in a spreadsheet: tabs between cells, quotes around what has line ends; empty rows at the ends cut.

    Each row has a cell. What no spreadsheet copies, such as a cell longer than any, is no row.
    """
    read = csv.reader(StringIO(text.replace("\r\n", "\n").replace("\r", "\n").strip("\n"), newline=""), delimiter="\t")
    try:
        return [[c.strip() for c in row] or [""] for row in islice(read, ROWS)]
    except csv.Error:
        return []


def one(figures: Sequence[Figure], text: str, notation: Notation = Notation.VI) -> Pasted:
    """One unit's figures: a column or a row in the order of the form, or beside (under) their titles or codes."""
    placed = _placed(figures, cells(text))
    if isinstance(placed, CellProblem):
        return Pasted({}, {}, (placed,))
    values: dict[str, Value] = {}
    typed: dict[str, str] = {}
    problems: list[CellProblem] = []
    for figure, cell, written in placed:
        value = _read(figure, written, cell, notation, problems)
        typed[figure.code] = written if value is None else shown(figure, value)
        if value is not None:
            values[figure.code] = value
    return Pasted(values, typed, tuple(problems))


def many(figures: Sequence[Figure], units: Mapping[str, Iterable[str]], text: str, notation: Notation = Notation.VI) -> PastedUnits:
    """A table of units × figures: titles or codes in the first row, a unit in the first column. ``units``: slot → its names.

    Totals at the end ("Tổng", "Cộng") are passed over; an empty cell is a missing value.
    """
    table = cells(text)
    head = [_key(c) for c in table[0]] if table else []
    by_name = {_key(name): f for f in figures for name in (f.title.vi, f.title.en, f.code) if name}
    columns = {i: by_name[name] for i, name in enumerate(head[:COLUMNS]) if i and name in by_name}
    problems = [
        CellProblem(address(0, i), _unknown_figure(table[0][i], figures)) for i, name in enumerate(head) if i and name and i not in columns
    ]
    if not columns:
        return PastedUnits({}, (CellProblem("A1", _no_head(figures)), *problems))
    known = {_key(name): slot for slot, names in units.items() for name in names}
    rows: dict[str, dict[str, Value]] = {}
    for r, row in enumerate(table[1:], start=1):
        name = _key(row[0])
        if not any(row) or name.startswith(("tong", "cong")):
            continue
        slot = known.get(name)
        if slot is None or slot in rows:
            problems.append(CellProblem(address(r, 0), _twice(row[0]) if slot else _unknown_unit(row[0])))
            continue
        read = {f.code: _read(f, row[i], address(r, i), notation, problems) for i, f in columns.items() if i < len(row) and row[i]}
        rows[slot] = {code: value for code, value in read.items() if value is not None}
    return PastedUnits(rows, tuple(problems))


def address(row: int, column: int) -> str:
    """A cell as a spreadsheet names it; both counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _placed(figures: Sequence[Figure], table: list[list[str]]) -> list[tuple[Figure, str, str]] | CellProblem:
    """(figure, cell, what it says) of what was pasted, or why that cannot be told."""
    if not any(any(row) for row in table):
        return CellProblem("", Text("Chưa dán ô nào.", "Nothing was pasted."))
    by_name = {_key(name): f for f in figures for name in (f.title.vi, f.title.en, f.code) if name}
    beside = [(by_name.get(_key(row[0])), r, row) for r, row in enumerate(table) if any(row)]
    if all(figure and len(row) > 1 for figure, _, row in beside):
        return [(figure, address(r, 1), row[1]) for figure, r, row in beside if figure]
    under = [by_name.get(_key(c)) for c in table[0]]
    if len(table) == 2 and all(under):
        return [(f, address(1, i), table[1][i] if i < len(table[1]) else "") for i, f in enumerate(under) if f]
    line = [(address(r, 0), row[0]) for r, row in enumerate(table)]
    if len(table) == 1:
        line = [(address(0, i), c) for i, c in enumerate(table[0])]
    elif any(len(row) > 1 for row in table):
        return CellProblem(address(0, 1), Text("Không biết cột nào là số liệu nào.", "It is not clear which column is which figure."))
    counted = [f for f in figures if f.type != "text"]
    for wanted in (counted, list(figures)):
        if len(line) == len(wanted):
            return [(f, cell, said) for f, (cell, said) in zip(wanted, line, strict=True)]
    names_vi, names_en = "; ".join(f.title.vi for f in counted), "; ".join(f.title.in_("en") for f in counted)
    message = Text(
        f"Đã dán {len(line)} ô, cần {len(counted)} ô theo thứ tự: {names_vi}.",
        f"{len(line)} cells were pasted, {len(counted)} are needed, in this order: {names_en}.",
    )
    return CellProblem("", message)


def _read(figure: Figure, written: str, cell: str, notation: Notation, problems: list[CellProblem]) -> Value | None:
    try:
        return value_of(figure, written, field=cell, notation=notation)
    except Invalid as wrong:
        title = figure.title
        problems.append(CellProblem(cell, Text(f"{title.vi}: {wrong.sentence.vi}", f"{title.in_('en')}: {wrong.sentence.en}"), figure.code))
        return None


def _key(text: str) -> str:
    """A name without what people write differently: accents, case, spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.replace("đ", "d").split())


def _shorten(text: str) -> str:
    return "".join(c for c in text[:60] if c.isprintable())


def _unknown_figure(said: str, figures: Sequence[Figure]) -> Text:
    known = "; ".join(f.title.vi for f in figures)
    return Text(f"Không có số liệu “{_shorten(said)}”. Có: {known}.", f"There is no figure “{_shorten(said)}”. There are: {known}.")


def _no_head(figures: Sequence[Figure]) -> Text:
    known = "; ".join(f.title.vi for f in figures)
    return Text(f"Hàng đầu phải là tên số liệu: {known}.", f"The first row must name the figures: {known}.")


def _unknown_unit(said: str) -> Text:
    return Text(f"Không có đơn vị “{_shorten(said)}” ở bước này.", f"There is no unit “{_shorten(said)}” in this step.")


def _twice(said: str) -> Text:
    return Text(f"“{_shorten(said)}” có hai dòng.", f"“{_shorten(said)}” has two rows.")
