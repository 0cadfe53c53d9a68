"""The figures of one fan-out as a table of units × figures: what each round says, the sums, who is missing, and the periods before.

A unit sees the rows that it reads in full; sums are shown to whoever reads them all. Everything is as of a day (`engine.standings`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.compiled import CompiledWorkflow
from engine.consolidation import Total, changes, missing, totals
from engine.definition import Figure, Text
from engine.errors import NotFound
from engine.standings import NOTHING, AsOf, Reported, Standing
from engine.statuses import WorkStatus
from models import figures as sql
from models.database import Database
from models.reading import figures as reading
from services.definitions import workflow_of
from services.figure_inputs import reported_by
from services.queries import naming

PERIODS = 5  # the present one and four before


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit's figures."""

    step_id: int
    slot: str
    lead: str
    status: WorkStatus
    reported: Reported


@dataclass(frozen=True, slots=True)
class Period:
    """One cycle's sums. ``totals`` are None where not every unit's figures are the viewer's to read."""

    workflow_id: int
    cycle: Text
    totals: tuple[Total, ...] | None


@dataclass(frozen=True, slots=True)
class UsedBy:
    """A step that took sums of this fan-out over. ``changed``: a value is no longer what it used."""

    step_id: int
    title: Text
    changed: bool


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """``columns``: figures with a column; ``texts``: those that are read as text. ``hidden``: units that the viewer does not read.

    ``periods``: latest first, the first one is this one. ``missing``: slots of readable units from which nothing stands.
    """

    workflow_id: int
    code: str
    plan_id: int
    plan_number: str
    place: Text
    title: Text
    columns: tuple[Figure, ...]
    texts: tuple[Figure, ...]
    rows: tuple[UnitRow, ...]
    hidden: int
    missing: tuple[str, ...]
    periods: tuple[Period, ...]
    used_by: tuple[UsedBy, ...]
    day: date | None
    as_of: AsOf
    confidential: bool

    def said(self, code: str) -> tuple[tuple[str, str], ...]:
        """(unit, what it wrote) for the text figure ``code``; only units that wrote something."""
        return tuple((r.slot or r.lead, r.reported.figures[code]) for r in self.rows if r.reported.counts and r.reported.figures.get(code))

    @property
    def totals(self) -> tuple[Total, ...] | None:
        """The sums of this cycle."""
        return self.periods[0].totals


def figures_page(
    db: Database, viewer: Actor, workflow_id: int, code: str, *, day: date | None = None, as_of: AsOf = AsOf.CORRECTED
) -> FiguresPage:
    """The figures of the step ``code`` as they stood at the end of ``day`` (None: now).

    Raises NotFound where the workflow does not exist for ``viewer``, has no such step with figures, or is confidential and not read.
    """
    with db.read() as connection:
        found = reading.periods(connection, viewer, workflow_id, PERIODS)
        row = next((r for r in found if r.id == workflow_id), None)
        if row is None:
            raise NotFound()
        workflow = workflow_of(connection, row._mapping)
        if code not in workflow.steps or not workflow.steps[code].figures:
            raise NotFound()
        by_workflow = _rows(connection, viewer, [r.id for r in found], code, day=day, as_of=as_of)
        own, hidden = by_workflow[workflow_id]
        if row.confidential and not own:
            raise NotFound()
        used_by = _used_by(connection, workflow, workflow_id, code, own) if not hidden else ()
    figures = workflow.steps[code].figures
    columns = tuple(f for f in figures if f.type != "text")
    return FiguresPage(
        workflow_id, code, row.plan_id, row.plan_number,
        naming.workflow_name(workflow, row.cycle, confidential=False), workflow.steps[code].title, columns,
        tuple(f for f in figures if f.type == "text"), own, hidden, missing({r.slot: r.reported for r in own}),
        tuple(_period(r, columns, *by_workflow[r.id]) for r in found), used_by, day, as_of, row.confidential,
    )  # fmt: skip


def _rows(
    connection: Connection, viewer: Actor, workflows: Sequence[int], code: str, **when: Any
) -> Mapping[int, tuple[tuple[UnitRow, ...], int]]:
    """workflow → (readable rows in their fixed order, how many are hidden)."""
    steps = reading.steps(connection, viewer, workflows, [code])
    ids = [s.id for s in steps if s.full]
    reported = reported_by(ids, reading.rounds(connection, viewer, ids), reading.entries(connection, viewer, ids), **when)
    void = {s.id for s in steps if s.status in ("cancelled", "not-applicable", "prior")}  # before tracking began nobody was asked
    found = {}
    for id_ in workflows:
        own = [s for s in steps if s.workflow_id == id_]
        rows = [UnitRow(s.id, s.slot, s.lead, WorkStatus(s.status), _report(reported[s.id], s.id in void)) for s in own if s.full]
        found[id_] = (tuple(rows), len(own) - len(rows))
    return found


def _report(reported: Reported, void: bool) -> Reported:
    """What was void from the beginning has no entry that says so."""
    return Reported(Standing.VOID) if void and reported == NOTHING else reported


def _period(row: Any, columns: Sequence[Figure], rows: Sequence[UnitRow], hidden: int) -> Period:
    reports = {r.slot: r.reported for r in rows}
    return Period(row.id, naming.cycle_text(row.cycle), None if hidden else totals(columns, reports))


def _used_by(
    connection: Connection, workflow: CompiledWorkflow, workflow_id: int, code: str, rows: Sequence[UnitRow]
) -> tuple[UsedBy, ...]:
    """The steps that consolidate ``code``, with whether they still say what ``rows`` say."""
    codes = [c for c, sums in workflow.sums.items() if any(s.source == code for s in sums)]
    found = []
    for step in sql.consolidating(connection, workflow_id, codes) if codes else ():
        basis = (step.body or {}).get("consolidated") or (step.draft or {}).get("consolidated") or {}
        if code in basis:
            changed = changes({code: basis[code]}, {code: {r.slot: r.reported for r in rows}})
            found.append(UsedBy(step.id, workflow.steps[step.code].title, bool(changed)))
    return tuple(found)
