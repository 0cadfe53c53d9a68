"""Everything the page of one step shows to one person, read in one short transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.alphabet import alphabetical
from engine.attribution import Share, shares
from engine.compiled import CompiledWorkflow
from engine.corrected import corrected, of_round
from engine.definition import StepDefinition, Text
from engine.errors import NotFound
from engine.instants import Now
from engine.statuses import NOT_SUBMITTED, PASSED, VOID, Timeliness, WorkStatus
from engine.step_state import StepState, from_row
from engine.timeliness import days_late, timeliness
from models import correcting
from models.database import Database
from models.readers import once_each, readings
from models.reading import accounts
from models.reading import step as reading
from services.attribution import Attribution
from services.definitions import workflow_of
from services.queries import naming
from services.queries import step_parts as parts
from services.queries.rule_words import rule_words
from services.queries.step_clocks import HANDED_IN, ChainLink, clocks_of
from services.queries.step_figures import StepFigures, step_figures
from services.queries.step_history import HistoryLine, accounts_named
from services.queries.step_history import history as told
from services.queries.step_offers import Offers, step_offers
from services.queries.step_results import Source, step_results
from services.queries.units import UnitNames

S = WorkStatus
HISTORY = 200  # entries shown; the print has them all


@dataclass(frozen=True, slots=True)
class StepHead:
    """What everybody who knows the workflow may see of a step."""

    id: int
    number: int
    title: Text
    status: WorkStatus
    timeliness: Timeliness
    lead: str
    slot: str
    due_on: date | None
    estimated: bool  # due_on is an estimate until the step opens
    recorded: bool  # entered from paper
    workflow_id: int
    place: Text
    workflow_title: Text
    plan_id: int
    plan_number: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Papers:
    """What a submission carries: as drafted, or as handed in (``frozen``)."""

    papers: tuple[parts.Paper, ...]
    extra: tuple[parts.File, ...]
    figures: tuple[parts.FigureValue, ...]
    frozen: bool


@dataclass(frozen=True, slots=True)
class StepDetail:
    """What those who read the step in full see besides."""

    version: int
    round: int
    link: int
    ask: Text
    defaults: tuple[str, ...]
    rule: Text
    coordinating: tuple[str, ...]
    papers: Papers
    ledger: tuple[parts.LedgerLine, ...]
    extensions: int
    late: int
    late_original: int
    shares: tuple[Share, ...]  # whose the late days are
    clocks: tuple[ChainLink, ...]
    before: tuple[parts.Neighbour, ...]
    soft: tuple[parts.Neighbour, ...]  # should come first and are not done; nothing waits for them
    after: tuple[parts.Neighbour, ...]
    rounds: tuple[parts.RoundLine, ...]
    corrections: tuple[parts.Correction, ...]
    history: tuple[HistoryLine, ...]
    returned: HistoryLine | None
    extension: dict[str, Any] | None
    window: tuple[date, date] | None
    choose_by: date | None
    chosen_on: date | None
    opened_at: datetime | None
    not_before: date | None
    flagged: bool
    figures: StepFigures
    note: str  # drafted
    missing: tuple[str, ...]  # slots that a join still waits for
    units: tuple[str, ...]  # every unit of the plan, for choosing a new lead
    reminders: tuple[Any, ...]
    results: tuple[Source, ...]  # of the steps before
    readers: tuple[parts.Reader, ...]  # whom a comment can mention
    colleagues: tuple[parts.Reader, ...]  # whom the viewer can name to handle it: those of the lead unit, if it is theirs
    handler: parts.Handler | None


@dataclass(frozen=True, slots=True)
class StepPage:
    """``detail`` and ``offers`` are None for those who may know the step but not read it."""

    head: StepHead
    detail: StepDetail | None
    offers: Offers | None


def step_page(
    db: Database, viewer: Actor, step_id: int, now: Now, units: UnitNames, *, history: int | None = HISTORY
) -> StepPage:  # fmt: skip
    """The page of ``step_id`` for ``viewer``, with at most ``history`` journal entries (None: all). Raises `NotFound` where it does not
    exist for them."""
    with db.read() as connection:
        row = reading.page(connection, viewer, step_id)
        if row is None:
            raise NotFound()
        compiled = workflow_of(connection, {"version_id": row["version_id"], "key_task": row["key_task"], "code": row["workflow_code"]})
        step = from_row(row)
        head = _head(row, step, compiled, now)
        if not row["full"]:
            return StepPage(head, None, None)
        detail = _detail(connection, viewer, row, step, compiled, now, units, history)
    return StepPage(head, detail, step_offers(step, compiled, viewer, units))


def _head(row: Any, step: StepState, workflow: CompiledWorkflow, now: Now) -> StepHead:
    hidden = row["confidential"] and not row["full"]
    label = timeliness(
        step.status, step.due_on, now.business, due_at=row["due_at"], soon_at=row["soon_at"], submitted_on=step.submitted_on
    )  # fmt: skip
    return StepHead(
        id=step.id,
        number=naming.step_number(workflow, step.code),
        title=naming.step_title(workflow, step.code, confidential=hidden),
        status=step.status,
        timeliness=label,
        lead=step.lead,
        slot=step.slot,
        due_on=step.due_on or row["planned_on"],
        recorded=row["recorded"],
        estimated=step.due_on is None and row["planned_on"] is not None,
        workflow_id=row["workflow_id"],
        place=naming.place(workflow, row["cycle"], confidential=hidden),
        workflow_title=naming.workflow_title(workflow, confidential=hidden),
        plan_id=row["plan_id"],
        plan_number=row["plan_number"],
        closed_on=step.closed_on,
    )


def _detail(
    connection: Connection, viewer: Actor, row: Any, step: StepState, workflow: CompiledWorkflow, now: Now, units: UnitNames,
    most: int | None,
) -> StepDetail:  # fmt: skip
    definition = workflow.steps[step.code]
    rounds = reading.rounds(connection, viewer, step.id)
    amended = correcting.corrections(connection, step.id) if rounds else []
    last = corrected(rounds[0].body, of_round(amended, rounds[0].number)) if rounds else {}
    files = reading.files(connection, viewer, step.id)
    entries = reading.journal(connection, viewer, step.id, most)
    people = reading.units_of(connection, sorted({entry.account_id for entry in entries}))
    named = accounts_named(entries)
    lines = tuple(told(entries, people, workflow, units, files, accounts.names(connection, named) if named else None))
    into, out_of = workflow.into[step.code], workflow.out_of[step.code]
    ordered = parts.soft_edges(workflow, step.code)
    soft = ordered if step.status in NOT_SUBMITTED else ()
    codes = sorted({e.before for e in (*into, *ordered)} | {e.after for e in out_of})
    near = reading.neighbours(connection, viewer, row["workflow_id"], codes)
    stopped_on = {S.SUSPENDED: step.suspended_on}.get(step.status, step.submitted_on) or step.closed_on
    void, rule = step.status in VOID, rule_words(definition.due)
    late = 0 if void else days_late(step.due_on, stopped_on, now.today)
    people_here = readings(connection, step.id, now.today)
    own = [r for r in people_here if r.unit == step.lead]
    lines_of_rounds = parts.rounds(rounds, workflow, step.code, files, amended)
    return StepDetail(
        version=step.version,
        round=step.round,
        link=step.link,
        ask=definition.ask,
        defaults=definition.defaults,
        rule=rule,
        coordinating=definition.coordinating,
        papers=_papers(step, definition, last, files),
        ledger=parts.ledger(reading.ledger(connection, viewer, step.id), step.due_version, rule),
        extensions=step.extensions,
        late=late,
        late_original=0 if void else days_late(step.original_due_on, stopped_on, now.today),
        shares=shares(Attribution(connection, row["workflow_id"], workflow, now).of(step.id).current) if late else (),
        clocks=clocks_of(step, workflow),
        before=parts.neighbours(into, "before", step, workflow, row["counts"], near),
        soft=tuple(n for n in parts.neighbours(soft, "before", step, workflow, row["counts"], near) if not n.passed),
        after=parts.neighbours(out_of, "after", step, workflow, row["counts"], near),
        rounds=lines_of_rounds,
        corrections=parts.corrections(step, definition, last),
        history=lines,
        returned=_returned(step, entries, lines),
        extension=step.extension,
        window=(step.window_first, step.window_last) if step.window_first and step.window_last else None,
        choose_by=step.choose_by,
        chosen_on=step.chosen_on,
        opened_at=row["opened_at"],
        not_before=row["not_before"],
        flagged=row["flagged"],
        figures=step_figures(connection, viewer, row, step, workflow),
        note=step.draft.get("note", ""),
        missing=tuple(
            n.slot for n in near if n.slot and any(n.code == e.before and not e.per_slot for e in into) and n.status not in PASSED
        ),
        units=tuple(unit.code for unit in workflow.plan.units if unit.ends_on is None or unit.ends_on > now.today),
        reminders=tuple(reading.reminders(connection, step.id)),
        results=step_results(connection, viewer, (*into, *ordered), step, workflow, near),
        readers=_mentionable(viewer, step.lead, people_here),
        colleagues=tuple(parts.Reader(r.login, r.name, r.unit) for r in own if r.left_on is None and step.lead in viewer.units),
        handler=next((parts.Handler(r.login, r.name, row["handled_since"]) for r in own if r.id == step.handler), None),
    )


def _mentionable(viewer: Actor, lead: str, rows: Sequence[Any]) -> tuple[parts.Reader, ...]:
    """Who of ``rows`` reads the step beside ``viewer``: those of the unit that leads it, of the others that take part, then who reads the
    whole plan. Units are offered each other and the standing agency, not those who only watch."""
    found = (row for row in once_each(rows) if row.id != viewer.account_id)
    offered = (row for row in found if viewer.reads_everything or row.unit is not None or "agency" in row.roles)
    readers = (parts.Reader(row.login, row.name, row.unit or "") for row in offered)
    return tuple(sorted(readers, key=lambda r: (r.unit != lead, not r.unit, r.unit, alphabetical(r.name), r.login)))


def _papers(step: StepState, definition: StepDefinition, last: dict[str, Any], files: Any) -> Papers:
    """The draft, or the round ``last`` while it lies handed in."""
    handed_in = step.status in HANDED_IN and bool(last)
    body = last if handed_in else step.draft
    before = {} if handed_in else last
    return Papers(
        parts.papers(definition.evidence, body, files, before),
        parts.extra_files(body, files),
        parts.figures(definition.figures, body, before),
        handed_in,
    )


def _returned(step: StepState, entries: Any, lines: tuple[HistoryLine, ...]) -> HistoryLine | None:
    """The return that the unit has to answer, while it has to."""
    if step.status is not S.RETURNED:
        return None
    return next(
        (line for entry, line in zip(entries, lines, strict=True) if any(f["kind"] == "step.returned" for f in entry.body["facts"])), None
    )
