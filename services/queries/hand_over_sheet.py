"""The sheet that a leaving person hands to the successor: every open step with what is drafted, what is awaited, and the documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.errors import NotFound
from engine.instants import Now
from models import people
from models.database import Database
from models.reading import sheet as sql
from models.reading.lines import StepRow
from services.queries import step_parts as parts
from services.queries.lines import StepLine, definition_of, step_line
from services.queries.step_clocks import HANDED_IN


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One open step. ``contact``: who took it on, ``handler``: who was named to do it, "" for nobody. ``missing``: required documents that
    are not there yet.

    All but the step itself is empty where the viewer does not read it in full.
    """

    step: StepLine
    contact: str
    handler: str
    papers: tuple[parts.Paper, ...]
    extra: tuple[parts.File, ...]
    figures: tuple[parts.FigureValue, ...]
    missing: tuple[parts.Paper, ...]


@dataclass(frozen=True, slots=True)
class HandOverSheet:
    """``lines``: the most urgent first."""

    account_id: int
    name: str
    title: str
    units: tuple[str, ...]
    lines: tuple[SheetLine, ...]


def hand_over_sheet(db: Database, viewer: Actor, account_id: int, now: Now) -> HandOverSheet:
    """The sheet of ``account_id``, for themselves, the heads of their units and who reads everything. Raises `NotFound` for others."""
    with db.read() as connection:
        person = people.by_id(connection, account_id)
        units = tuple(row.unit for row in people.memberships(connection, account_id))
        mine = viewer.account_id == account_id or viewer.reads_everything or not viewer.heads.isdisjoint(units)
        if person is None or not mine:
            raise NotFound()
        rows = sql.open_steps(connection, viewer, units, account_id)
        lines = tuple(_lines(connection, viewer, rows, now))
    return HandOverSheet(person.id, person.name, person.title, units, lines)


def _lines(connection: Connection, viewer: Actor, rows: Iterable[StepRow], now: Now) -> Iterable[SheetLine]:
    rows = list(rows)
    ids = [row.id for row in rows]
    drafts, files = sql.drafts(connection, viewer, ids), sql.files(connection, viewer, ids)
    rounds = sql.last_rounds(connection, viewer, ids)
    for row in rows:
        yield _line(row, connection, drafts[row.id], files.get(row.id, []), rounds.get(row.id, {}), now)


def _line(row: StepRow, connection: Connection, draft: Any, files: list[Any], last: dict[str, Any], now: Now) -> SheetLine:
    workflow = definition_of(connection, row)
    line = step_line(row, workflow, now)
    if not row.in_full or row.confidential:
        return SheetLine(line, draft.contact or "", draft.handler or "", (), (), (), ())
    definition = workflow.steps[row.code]
    handed_in = line.status in HANDED_IN and bool(last)
    body, before = (last, {}) if handed_in else (draft.draft, last)
    papers = parts.papers(definition.evidence, body, files, before)
    missing = () if handed_in else tuple(p for p in papers if p.required and not p.complete)
    figures = tuple(f for f in parts.figures(definition.figures, body, before) if f.value)
    return SheetLine(line, draft.contact or "", draft.handler or "", papers, parts.extra_files(body, files), figures, missing)
