"""The spreadsheet of prior steps: the template that a plan gives, and reading it back with every problem at its cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from engine.definition import Text
from services.sheets import Sheet, SheetRow, Value

KEYS = ("key_task", "workflow", "cycle", "step", "unit")
HEADINGS = {
    "key_task": "Nhiệm vụ", "workflow": "Quy trình", "cycle": "Chu kỳ", "step": "Bước", "unit": "Đơn vị", "title": "Tên bước",
    "unit_name": "Tên đơn vị", "due": "Hạn", "done": "Đã xong", "number": "Số văn bản", "date": "Ngày văn bản",
}  # fmt: skip
FOR_PEOPLE = ("title", "unit_name", "due")  # shown in the template, not read
YES, NO = frozenset({"co", "x", "1", "yes", "y", "true", "roi", "da xong", "xong"}), frozenset({"khong", "0", "no", "n", "false", "chua"})
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True, slots=True)
class PriorStep:
    """A prior step with what is known of it. ``key``: its values under `KEYS`. ``wants_number``: its evidence carries a number."""

    id: int
    workflow_id: int
    key: tuple[str, ...]
    title: Text
    unit_name: str
    due_on: date | None
    wants_number: bool
    done: bool | None = None
    number: str = ""
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a row says of a step."""

    step_id: int
    done: bool
    number: str
    dated_on: date | None


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong, and in which cell (``Sheet1!C7``)."""

    place: str
    text: Text


def template(steps: Sequence[PriorStep]) -> list[list[str]]:
    """The rows of the template, the headings first; what is known already is filled in."""
    rows = [list(HEADINGS.values())]
    for s in steps:
        done = "" if s.done is None else "có" if s.done else "không"
        day = f"{s.dated_on:%d/%m/%Y}" if s.dated_on else ""
        due = f"{s.due_on:%d/%m/%Y}" if s.due_on else ""
        rows.append([*s.key, s.title.vi, s.unit_name, due, done, s.number, day])
    return rows


def template_xlsx(steps: Sequence[PriorStep]) -> bytes:
    """The template as a workbook."""
    from openpyxl import Workbook  # only here: it weighs ten megabytes

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Bước trước")
    sheet.freeze_panes = "A2"
    for column, width in zip("ABCDEFGHIJK", (10, 16, 10, 18, 16, 40, 28, 12, 10, 18, 14), strict=True):
        sheet.column_dimensions[column].width = width
    for row in template(steps):
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read_results(sheet: Sheet, steps: Sequence[PriorStep], *, issued_on: date, today: date) -> tuple[list[Result], list[CellProblem]]:
    """What every row says, and every problem; rows that say nothing are passed over."""
    problems = [CellProblem(f"{sheet.name}!{ref}", Text("Ô bị gộp; hãy bỏ gộp ô.", "Merged cells; unmerge them.")) for ref in sheet.merged]
    rows = [row for row in sheet.rows if any(cell is not None for cell in row.cells)]
    columns, wrong = _columns(sheet, rows[0])
    problems += wrong
    if wrong:
        return [], problems
    reading = _Reading(sheet, columns, {s.key: s for s in steps}, issued_on, today)
    results = [result for row in rows[1:] for result in reading.row(row)]
    return results, [*problems, *reading.problems]


def _columns(sheet: Sheet, head: SheetRow) -> tuple[dict[str, int], list[CellProblem]]:
    names = {_plain(heading): name for name, heading in HEADINGS.items()}
    columns: dict[str, int] = {}
    problems = []
    for i, cell in enumerate(head.cells):
        if cell is None:
            continue
        name = names.get(_plain(str(cell)))
        if name is None or name in columns:
            what = Text(f"Cột “{cell}” không có trong mẫu hoặc bị lặp.", f"The column “{cell}” is not in the template, or twice.")
            problems.append(CellProblem(sheet.place(head.number, i), what))
        else:
            columns[name] = i
    missing = [HEADINGS[name] for name in HEADINGS if name not in columns and name not in FOR_PEOPLE]
    if missing:
        shown = ", ".join(missing)
        problems.append(CellProblem(sheet.place(head.number, 0), Text(f"Thiếu cột: {shown}.", f"Missing columns: {shown}.")))
    return columns, problems


class _Reading:
    """The rows under their headings."""

    def __init__(
        self, sheet: Sheet, columns: Mapping[str, int], steps: Mapping[tuple[str, ...], PriorStep], issued_on: date, today: date
    ) -> None:
        self.sheet, self.columns, self.steps, self.issued_on, self.today = sheet, columns, steps, issued_on, today
        self.problems: list[CellProblem] = []
        self.seen: dict[tuple[str, ...], int] = {}

    def row(self, row: SheetRow) -> Iterator[Result]:
        """What ``row`` says, if anything and if nothing is wrong with it."""
        step = self._step(row)
        if step is None:
            return
        before = len(self.problems)
        done, number = self._done(row), self._text(row, "number")
        day = self._day(row)
        if done is None:
            if number or day:
                self._wrong(
                    row, "done", "Có số hoặc ngày nhưng chưa ghi đã xong hay chưa.", "A number or date, but not whether it is done."
                )
            return
        if done and step.wants_number and not number:
            self._wrong(row, "number", "Đã xong thì phải có số văn bản.", "Done needs the number of the document.")
        if done and step.wants_number and day is None:
            self._wrong(row, "date", "Đã xong thì phải có ngày văn bản.", "Done needs the date of the document.")
        if len(self.problems) == before:
            yield Result(step.id, done, number, day)

    def _step(self, row: SheetRow) -> PriorStep | None:
        key = tuple(self._text(row, name) for name in KEYS)
        step = self.steps.get(key)
        if step is None:
            self._unknown(row, key)
            return None
        if key in self.seen:
            first = self.seen[key]
            self._wrong(row, "step", f"Trùng với dòng {first}.", f"The same as row {first}.")
            return None
        self.seen[key] = row.number
        return step

    def _unknown(self, row: SheetRow, key: tuple[str, ...]) -> None:
        """Which part of the key names nothing: the first that leaves no prior step."""
        left = list(self.steps)
        for i, name in enumerate(KEYS):
            left = [other for other in left if other[i] == key[i]]
            if not left:
                heading = HEADINGS[name].lower()
                shown = key[i] or "(trống)"
                self._wrong(
                    row, name, f"Không có bước trước ngày theo dõi nào với {heading} “{shown}”.", f"No prior step has {name} “{shown}”."
                )
                return

    def _cell(self, row: SheetRow, name: str) -> Value:
        i = self.columns[name]
        return row.cells[i] if i < len(row.cells) else None

    def _text(self, row: SheetRow, name: str) -> str:
        cell = self._cell(row, name)
        if isinstance(cell, float):
            return f"{cell:.0f}" if cell.is_integer() else str(cell)
        return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell or ""

    def _done(self, row: SheetRow) -> bool | None:
        text = _plain(self._text(row, "done"))
        if text in YES or text in NO:
            return text in YES
        if text:
            self._wrong(row, "done", "Ghi “có” hoặc “không”.", "Write “có” (yes) or “không” (no).")
        return None

    def _day(self, row: SheetRow) -> date | None:
        cell = self._cell(row, "date")
        day = cell if isinstance(cell, date) else _day(cell) if isinstance(cell, str) else None
        if cell is not None and day is None:
            self._wrong(row, "date", f"Không đọc được ngày “{cell}”; viết 22/07/2024.", f"“{cell}” is no date; write 22/07/2024.")
        elif day is not None and day > self.today:
            self._wrong(row, "date", "Ngày ở tương lai.", "That day is in the future.")
        elif day is not None and day < self.issued_on:
            self._wrong(row, "date", "Ngày trước ngày ban hành kế hoạch.", "That day lies before the plan was issued.")
        return day

    def _wrong(self, row: SheetRow, name: str, vi: str, en: str) -> None:
        self.problems.append(CellProblem(self.sheet.place(row.number, self.columns[name]), Text(vi, en)))


def _day(text: str) -> date | None:
    found = DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        return None


def _plain(text: str) -> str:
    """``text`` in lower case without accents."""
    letters = unicodedata.normalize("NFD", text.strip().lower().replace("đ", "d"))
    return "".join(c for c in letters if not unicodedata.combining(c))
