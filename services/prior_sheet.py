"""The spreadsheet of prior steps: the template that a plan gives, and reading it back with every problem at its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.definition import Text
from services.sheet_table import CellProblem, SheetTable, plain, workbook
from services.sheets import Sheet, SheetRow

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
    return workbook("Bước trước", template(steps), (10, 16, 10, 18, 16, 40, 28, 12, 10, 18, 14))


def read_results(sheet: Sheet, steps: Sequence[PriorStep], *, issued_on: date, today: date) -> tuple[list[Result], list[CellProblem]]:
    """What every row says, and every problem; rows that say nothing are passed over."""
    table = SheetTable(sheet, HEADINGS, spare=FOR_PEOPLE)
    reading = _Reading(table, {s.key: s for s in steps}, issued_on, today)
    return [result for row in table.rows for result in reading.row(row)], table.problems


class _Reading:
    """The rows under their headings."""

    def __init__(self, table: SheetTable, steps: Mapping[tuple[str, ...], PriorStep], issued_on: date, today: date) -> None:
        self.table, self.steps, self.issued_on, self.today = table, steps, issued_on, today
        self.seen: dict[tuple[str, ...], int] = {}

    def row(self, row: SheetRow) -> Iterator[Result]:
        """What ``row`` says, if anything and if nothing is wrong with it."""
        step = self._step(row)
        if step is None:
            return
        before = len(self.table.problems)
        done, number = self._done(row), self.table.text(row, "number")
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
        if len(self.table.problems) == before:
            yield Result(step.id, done, number, day)

    def _step(self, row: SheetRow) -> PriorStep | None:
        key = tuple(self.table.text(row, name) for name in KEYS)
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

    def _done(self, row: SheetRow) -> bool | None:
        text = plain(self.table.text(row, "done"))
        if text in YES or text in NO:
            return text in YES
        if text:
            self._wrong(row, "done", "Ghi “có” hoặc “không”.", "Write “có” (yes) or “không” (no).")
        return None

    def _day(self, row: SheetRow) -> date | None:
        cell = self.table.cell(row, "date")
        day = cell if isinstance(cell, date) else _day(cell) if isinstance(cell, str) else None
        if cell is not None and day is None:
            self._wrong(row, "date", f"Không đọc được ngày “{cell}”; viết 22/07/2024.", f"“{cell}” is no date; write 22/07/2024.")
        elif day is not None and day > self.today:
            self._wrong(row, "date", "Ngày ở tương lai.", "That day is in the future.")
        elif day is not None and day < self.issued_on:
            self._wrong(row, "date", "Ngày trước ngày ban hành kế hoạch.", "That day lies before the plan was issued.")
        return day

    def _wrong(self, row: SheetRow, name: str, vi: str, en: str) -> None:
        self.table.wrong(row, name, Text(vi, en))


def _day(text: str) -> date | None:
    found = DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        return None
