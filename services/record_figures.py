"""A table of units × figures that came on paper: shown first, then each unit's report recorded by itself, with a result for each.

The one who records is a member of the standing agency; every record is an action of its own (`services.act`), so one that is refused
stops no other, and doing it twice under one key does nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.definition import Text
from engine.errors import DondocError, InvalidFields
from engine.figures import shown
from engine.instants import Now
from engine.numbers import Notation
from engine.pasting import CellProblem, many
from engine.payload import missing, required_day, text
from engine.statuses import STATUS_TEXT, WITH_UNIT
from models.database import Database
from services.act import act
from services.queries.figures_page import FiguresPage, UnitRow
from services.queries.units import UnitNames

PAPER = ("number", "date", "signer")


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One unit of the pasted table. ``values``: by code, as people read and type them.

    ``why``: why it is not recorded, None where it can be, or was.
    """

    row: UnitRow
    values: Mapping[str, str]
    why: Text | None


@dataclass(frozen=True, slots=True)
class RecordPreview:
    """What recording would do; with ``problems`` nothing is recorded."""

    lines: tuple[RecordLine, ...]
    problems: tuple[CellProblem, ...]

    @property
    def possible(self) -> tuple[RecordLine, ...]:
        """The lines that would be recorded."""
        return tuple(line for line in self.lines if line.why is None)


def preview(page: FiguresPage, units: UnitNames, pasted: str, notation: Notation = Notation.VI) -> RecordPreview:
    """What recording the ``pasted`` table would do to the units of ``page``."""
    rows = {row.slot: row for row in page.rows}
    names = {slot: _names(units, slot) for slot in rows}
    figures = {f.code: f for f in (*page.columns, *page.texts)}
    found = many(tuple(figures.values()), names, pasted, notation)
    lines = tuple(
        RecordLine(rows[slot], {code: shown(figures[code], value) for code, value in values.items()}, _why(rows[slot]))
        for slot, values in found.rows.items()
    )
    return RecordPreview(lines, found.problems)


def checked_paper(given: Mapping[str, Any], now: Now) -> dict[str, str]:
    """Number, date and signer of the document. Raises InvalidFields with what is wrong with each."""
    problems: dict[str, Text] = {}
    for name in PAPER:
        try:
            if not text(dict(given), name):
                raise missing(name)
            if name == "date" and required_day(dict(given), name) > now.today:
                problems[name] = Text("Ngày văn bản ở tương lai.", "The document is dated in the future.")
        except DondocError as wrong:
            problems[name] = wrong.sentence
    if problems:
        raise InvalidFields(problems)
    return {name: text(dict(given), name) for name in PAPER}


def record(
    db: Database, lines: tuple[RecordLine, ...], paper: Mapping[str, str], *, actor: Actor, key: str, now: Now, calendar: WorkCalendar
) -> tuple[RecordLine, ...]:
    """Record each of ``lines``; the same lines with why one was refused."""
    done = []
    for line in lines:
        payload = {**paper, "figures": dict(line.values)}
        try:
            act(
                db, actor=actor, step_id=line.row.step_id, action="record", payload=payload, key=f"{key}:{line.row.slot}", now=now,
                calendar=calendar,
            )  # fmt: skip
            done.append(line)
        except DondocError as refused:
            done.append(RecordLine(line.row, line.values, refused.sentence))
    return tuple(done)


def _names(units: UnitNames, slot: str) -> tuple[str, ...]:
    name, short = units.name(slot), units.short(slot)
    return tuple(n for n in (slot, name.vi, name.en, short.vi, short.en) if n)


def _why(row: UnitRow) -> Text | None:
    """Why a report cannot be recorded for ``row``: only where the unit still owes it."""
    if row.status in WITH_UNIT:
        return None
    status = STATUS_TEXT[row.status]
    return Text(f"Bước đang “{status.vi}”, không ghi nhận.", f"The step is “{status.en}”: not recorded.")
