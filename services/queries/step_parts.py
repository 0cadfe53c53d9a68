"""The parts of a step's page: papers and figures, deadline ledger, neighbours, rounds, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.actions.correcting import correctable
from engine.compiled import CompiledWorkflow, Edge
from engine.corrected import corrected, of_round, value_of
from engine.definition import Evidence, Figure, StepDefinition, Text
from engine.figures import shown
from engine.gates import Counts, needed, satisfied, waiting_for
from engine.statuses import PASSED, WorkStatus
from engine.step_state import StepState
from services.queries.step_words import FIELD_TEXT, LEDGER_TEXT

S = WorkStatus


@dataclass(frozen=True, slots=True)
class File:
    """A stored file; ``id`` is what it is served by."""

    id: int
    name: str
    size: int
    at: datetime
    sha256: str = ""
    purged: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A required or optional document with what is there of it. ``complete``: nothing is missing."""

    code: str
    title: Text
    required: bool
    numbered: bool
    files: tuple[File, ...]
    number: str
    date: str  # ISO, "" if none
    complete: bool


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A figure of the definition with its value so far, as it is read and typed ("1.234")."""

    figure: Figure
    value: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A date that held, or holds (``current``). ``who`` is "" for the system."""

    due_on: date | None
    why: Text
    reason: str
    document: str
    who: str
    at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A step code before or after: one step (``step_id``) or a fan-out (``step_id`` None, counted)."""

    title: Text
    step_id: int | None
    lead: str | None
    status: WorkStatus | None
    due_on: date | None
    live: int
    done: int
    needed: int
    passed: bool


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One submission: its papers and figures as they were frozen, with what has been ``corrected`` since counted in."""

    number: int
    submitted_on: date
    who: str
    recorded: bool
    document: dict[str, Any]
    scans: tuple[File, ...]
    papers: tuple[Paper, ...]
    figures: tuple[FigureValue, ...]
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Handler:
    """Who of the lead unit handles the step, named at ``since``."""

    login: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads the step in full. ``unit``: by which they take part, "" for who reads the whole plan."""

    login: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that can be corrected; ``name`` is what the action calls it."""

    name: str
    title: Text
    value: str


def papers(definitions: Sequence[Evidence], body: dict[str, Any], files: Sequence[Any], before: dict[str, Any]) -> tuple[Paper, ...]:
    """The documents of ``body`` (a draft or a round); numbers that it lacks are taken from ``before`` (the round before)."""
    return tuple(
        _paper(e, body.get("evidence", {}).get(e.code, {}), files, before.get("evidence", {}).get(e.code, {})) for e in definitions
    )


def extra_files(body: dict[str, Any], files: Sequence[Any]) -> tuple[File, ...]:
    """Files that belong to no document of the definition."""
    listed = body.get("files") or body.get("evidence", {}).get("", {}).get("files", ())
    return _files("", listed, files)


def figures(definitions: Sequence[Figure], body: dict[str, Any], before: dict[str, Any]) -> tuple[FigureValue, ...]:
    """The figures of ``body``, else of ``before``."""
    values = {**before.get("figures", {}), **body.get("figures", {})}
    return tuple(FigureValue(f, shown(f, values.get(f.code))) for f in definitions)


def ledger(rows: Sequence[Any], due_version: int, rule: Text) -> tuple[LedgerLine, ...]:
    """The ledger's entries; the original one names its ``rule``."""
    return tuple(
        LedgerLine(
            row.due_on,
            _ledger_text(row.kind, rule),
            row.reason,
            row.document,
            row.who or "",
            row.at,
            row.due_version == due_version,
        )
        for row in rows
    )


def soft_edges(workflow: CompiledWorkflow, code: str) -> tuple[Edge, ...]:
    """What should come before ``code`` without holding it up: order only."""
    step = workflow.steps[code]
    return tuple(
        Edge(before.step, code, bool(step.for_each) and workflow.steps[before.step].for_each == step.for_each, step.join)
        for before in step.after
        if before.soft
    )


def neighbours(
    edges: Sequence[Edge], end: str, step: StepState, workflow: CompiledWorkflow, counts: Counts, rows: Sequence[Any]
) -> tuple[Neighbour, ...]:
    """The steps at the other ``end`` ("before" or "after") of ``edges``."""
    return tuple(_neighbour(edge, getattr(edge, end), step, workflow, counts, rows) for edge in edges)


def _neighbour(edge: Edge, code: str, step: StepState, workflow: CompiledWorkflow, counts: Counts, rows: Sequence[Any]) -> Neighbour:
    title = workflow.steps[code].title
    own = [row for row in rows if row.code == code and (not edge.per_slot or row.slot == step.slot)]
    live, done = waiting_for(edge, counts)
    if len(own) != 1:
        return Neighbour(title, None, None, None, None, live, done, needed(edge.join, live), satisfied(edge, counts))
    row = own[0]
    passed = row.status in PASSED if edge.per_slot else satisfied(edge, counts)
    return Neighbour(title, row.id, row.lead, WorkStatus(row.status), row.due_on or row.planned_on, 1, int(row.status in PASSED), 1, passed)


def rounds(
    rows: Sequence[Any], workflow: CompiledWorkflow, code: str, files: Sequence[Any], corrections: Sequence[dict[str, Any]]
) -> tuple[RoundLine, ...]:
    """Every submission, latest first, as ``corrections`` (facts, oldest first) have it."""
    definition = workflow.steps[code]
    bodies = {row.number: corrected(row.body, of_round(corrections, row.number)) for row in rows}
    return tuple(
        RoundLine(
            row.number,
            row.submitted_on,
            row.who or "",
            row.recorded,
            row.body.get("document", {}),
            _files("", row.body.get("document", {}).get("files", ()), files),
            papers(definition.evidence, bodies[row.number], files, {}),
            figures(definition.figures, bodies[row.number], {}),
            bool(of_round(corrections, row.number)),
        )
        for row in rows
    )


def corrections(step: StepState, definition: StepDefinition, body: dict[str, Any]) -> tuple[Correction, ...]:
    """What a correction may be about, each with what it says now. ``body``: the latest round, corrections counted in."""
    days = {"submitted_on": step.submitted_on, "done_on": step.done_on, "extension": step.due_on}
    found = []
    for name in correctable(step, definition):
        day = days.get(name)
        said = value_of(body, name)
        figure = next((f for f in definition.figures if name == f"figures.{f.code}"), None)
        value = day.isoformat() if day else shown(figure, said) if figure else str(said)
        found.append(Correction(name, _field_title(name, definition), value))
    return tuple(found)


def _field_title(name: str, definition: StepDefinition) -> Text:
    area, _, rest = name.partition(".")
    if area == "figures":
        return next(f.title for f in definition.figures if f.code == rest)
    if area != "evidence":
        return FIELD_TEXT[name]
    code, _, part = rest.rpartition(".")
    title, said = next(e.title for e in definition.evidence if e.code == code), FIELD_TEXT[part]
    return Text(f"{title.vi}: {said.vi}", f"{title.in_('en')}: {said.en}")


def _paper(evidence: Evidence, document: dict[str, Any], files: Sequence[Any], before: dict[str, Any]) -> Paper:
    stored = _files(evidence.code, document.get("files", ()), files)
    number, day = document.get("number", before.get("number", "")), document.get("date", before.get("date", ""))
    complete = bool(stored or number) and not (evidence.number and not (number and day))
    return Paper(evidence.code, evidence.title, evidence.required, evidence.number, stored, number, day, complete)


def _files(code: str, listed: Sequence[dict[str, Any]], stored: Sequence[Any]) -> tuple[File, ...]:
    found = []
    for entry in listed:
        row = next((r for r in reversed(stored) if r.evidence == code and r.sha256 == entry["sha256"]), None)
        if row is not None:
            found.append(File(row.id, row.name, row.size, row.at, row.sha256, row.purged_at is not None))
    return tuple(found)


def _ledger_text(kind: str, rule: Text) -> Text:
    text = LEDGER_TEXT[kind]
    return Text(f"{text.vi} ({rule.vi})", f"{text.en} ({rule.in_('en')})") if kind == "original" and rule.vi else text
