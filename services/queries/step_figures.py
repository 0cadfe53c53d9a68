"""The figures on a step's page: what stands now, what the same unit said last time, and the sums of the reports that it joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.compiled import CompiledWorkflow
from engine.consolidation import Change, changes, consolidated, missing, sum_of
from engine.definition import Figure, Text
from engine.figures import shown
from engine.standings import Reported, Standing
from engine.step_state import StepState
from models import figures as sql
from models.reading import figures as reading
from services.figure_inputs import reported_by, reports_of
from services.queries import naming


@dataclass(frozen=True, slots=True)
class SumLine:
    """One sum: what the units add up to ``now``, what the step took over (``taken``), what it says itself (``said``); "" for nothing."""

    figure: Figure
    now: str
    taken: str
    said: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One fan-out that is joined: how many of its units handed in, and who is missing."""

    code: str
    title: Text
    reported: int
    expected: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A value that is not what was taken over; as read, "" for a missing one."""

    slot: str
    figure: Text
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Sums:
    """What a step consolidates. ``taken``: it took sums over already. ``changes``: only units that the viewer reads in full are told."""

    lines: tuple[SumLine, ...]
    sources: tuple[SourceLine, ...]
    taken: bool
    changed: bool
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class StepFigures:
    """``last``: code → what the unit said in ``period``."""

    last: Mapping[str, str] = field(default_factory=dict)
    period: Text = field(default_factory=lambda: Text(""))
    sums: Sums | None = None


NO_FIGURES = StepFigures()


def step_figures(connection: Connection, viewer: Actor, row: Any, step: StepState, workflow: CompiledWorkflow) -> StepFigures:
    """The figures of ``step`` for ``viewer``, who reads it in full. ``row``: the step's page row (`models.reading.step.page`)."""
    definition = workflow.steps[step.code]
    if not definition.figures:
        return NO_FIGURES
    before = reading.previous(connection, viewer, row, step.code, step.slot)
    ids = [step.id, *([before.id] if before else [])]
    reported = reported_by(ids, reading.rounds(connection, viewer, ids), reading.entries(connection, viewer, ids))
    last = reported[before.id].figures if before else {}
    return StepFigures(
        {f.code: shown(f, last.get(f.code)) for f in definition.figures if f.type != "text"},
        naming.cycle_text(before.cycle) if before else Text(""),
        _sums(connection, viewer, row, step, workflow, reported[step.id]) if workflow.sums.get(step.code) else None,
    )


def _sums(connection: Connection, viewer: Actor, row: Any, step: StepState, workflow: CompiledWorkflow, own: Reported) -> Sums:
    """Sums are for whoever consolidates, also where single units' values are not theirs to read."""
    sums = workflow.sums[step.code]
    codes = list(dict.fromkeys(s.source for s in sums))
    reports = reports_of(connection, row["workflow_id"], codes)
    now, _ = consolidated(sums, reports)
    basis, figures = _taken(connection, step, own)
    readable = {(r.code, r.slot) for r in reading.steps(connection, viewer, [row["workflow_id"]], codes) if r.full}
    found = {f.code: f for f in workflow.steps[step.code].figures}
    taken = {s.code: sum_of(basis, s) for s in sums}
    lines = tuple(SumLine(found[s.code], *(shown(found[s.code], values.get(s.code)) for values in (now, taken, figures))) for s in sums)
    changed = changes(basis, reports)
    titles = {(s.source, s.figure): found[s.code].title for s in sums}
    return Sums(
        lines,
        tuple(_source(workflow, code, reports[code]) for code in codes),
        bool(basis),
        bool(changed),
        tuple(_change(c, titles, workflow) for c in changed if (c.source, c.slot) in readable),
    )


def _taken(connection: Connection, step: StepState, own: Reported) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The basis that counts and the figures beside it: of the round while one stands, else of the draft."""
    if not own.counts:
        return step.draft.get("consolidated", {}), step.draft.get("figures", {})
    bodies = {r.number: r.body for r in sql.rounds(connection, [step.id])}
    return bodies.get(own.round, {}).get("consolidated", {}), own.figures


def _source(workflow: CompiledWorkflow, code: str, reports: Mapping[str, Reported]) -> SourceLine:
    expected = [r for r in reports.values() if r.standing is not Standing.VOID]
    return SourceLine(code, workflow.steps[code].title, sum(r.counts for r in expected), len(expected), missing(reports))


def _change(change: Change, titles: Mapping[tuple[str, str], Text], workflow: CompiledWorkflow) -> ChangeLine:
    figure = next(f for f in workflow.steps[change.source].figures if f.code == change.figure)
    return ChangeLine(change.slot, titles[change.source, change.figure], shown(figure, change.old), shown(figure, change.new))
