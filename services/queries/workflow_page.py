"""The page of one workflow: its process, its steps by unit, its journal, where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.access import Actor
from engine.compiled import CompiledWorkflow
from engine.definition import Text
from engine.errors import NotFound
from engine.instants import Now
from engine.statuses import UNFINISHED, VOID, Timeliness, WorkStatus
from models.database import Database
from models.reading import plans as plan_sql
from models.reading import step as step_sql
from models.reading import workflow as sql
from models.reading.plans import KeyTaskRow, PlanRow, WorkflowRow
from services.definitions import workflow_of
from services.journaling import stream_of
from services.queries import naming
from services.queries.chosen_days import WindowDays, chosen_days
from services.queries.lines import StepLine, step_lines
from services.queries.process import Process, ProcessStep, process
from services.queries.timeline import Timeline, timeline
from services.queries.units import UnitNames
from services.queries.workflow_journal import JournalLine, journal_lines

ENTRIES = 30
S, T = WorkStatus, Timeliness


@dataclass(frozen=True, slots=True)
class Waiting:
    """What it waits for in numbers; ``late`` lists the overdue steps whose unit must act, the longest overdue first."""

    units: int
    overdue: int
    due_soon: int
    approvals: int
    late: tuple[StepLine, ...]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of the fan-outs with its step in each fan-out column, None where it has none."""

    unit: str
    cells: tuple[StepLine | None, ...]


@dataclass(frozen=True, slots=True)
class WorkflowPage:
    """``columns`` and ``rows``: the fan-outs by unit; ``chosen``: the days that units chose.
    ``older``: journal number to page on from, None at the end.

    ``source``: the quoted words of the plan, "" for a plan-level workflow. ``total``, ``done``: of the steps that count.
    """

    plan: PlanRow
    key_task: KeyTaskRow | None
    workflow: WorkflowRow
    name: Text
    title: Text
    cycle: Text
    coordinating: tuple[str, ...]
    groups: tuple[Text, ...]
    process: Process
    timeline: Timeline | None
    columns: tuple[ProcessStep, ...]
    chosen: tuple[WindowDays, ...]
    rows: tuple[UnitRow, ...]
    waiting: Waiting
    total: int
    done: int
    extensions: int
    ours: int
    source: str
    journal: tuple[JournalLine, ...]
    older: int | None
    flow_run_id: UUID | None


def workflow_page(db: Database, viewer: Actor, workflow_id: int, now: Now, names: UnitNames, *, before: int | None = None) -> WorkflowPage:
    """The workflow for ``viewer``; ``before``: journal entries older than that number. Raises NotFound where it does not exist for them."""
    with db.read() as connection:
        row = plan_sql.workflow_by_id(connection, viewer, workflow_id)
        if row is None:
            raise NotFound()
        compiled = workflow_of(connection, {"version_id": row.version_id, "key_task": row.key_task, "code": row.code})
        lines = step_lines(connection, sql.steps(connection, viewer, row.id), now, own_page=True)
        plan = next(p for p in plan_sql.plans(connection, viewer) if p.id == row.plan_id)
        key_task = next((k for k in plan_sql.key_tasks(connection, viewer, row.plan_id) if k.code == row.key_task), None)
        journal, older = _journal(connection, viewer, row, lines, compiled, names, before)
    hidden = row.confidential and not any(line.in_full for line in lines)
    drawn = process(compiled, row.counts, lines, confidential=hidden)
    columns = tuple(s for s in drawn.steps if s.group)
    live = [line for line in lines if line.status not in VOID]
    definition = compiled.definition
    return WorkflowPage(
        plan=plan,
        key_task=key_task,
        workflow=row,
        name=naming.workflow_name(compiled, row.cycle, confidential=hidden),
        title=naming.workflow_title(compiled, confidential=hidden),
        cycle=naming.cycle_text(row.cycle),
        coordinating=tuple(dict.fromkeys(unit for step in definition.steps for unit in step.coordinating)),
        groups=tuple(dict.fromkeys(s.group for s in columns if s.group)),
        process=drawn,
        timeline=timeline(drawn, now.today),
        columns=columns,
        chosen=tuple(window for window in chosen_days(lines) if window.days),
        rows=_rows(columns),
        waiting=_waiting(live),
        total=len(live),
        done=sum(line.status is S.DONE for line in live),
        extensions=sum(line.extensions for line in lines),
        ours=sum("due" in step.defaults for step in definition.steps),
        source=_source(compiled),
        journal=journal,
        older=older,
        flow_run_id=row.flow_run_id,
    )


def _waiting(lines: Sequence[StepLine]) -> Waiting:
    unfinished = [line for line in lines if line.status in UNFINISHED and not line.closed]
    late = sorted((x for x in unfinished if x.timeliness is T.OVERDUE and x.holder), key=lambda x: -x.late_days)
    return Waiting(
        units=len({line.holder for line in unfinished if line.holder}),
        overdue=sum(line.timeliness is T.OVERDUE for line in unfinished),
        due_soon=sum(line.timeliness is T.DUE_SOON for line in unfinished),
        approvals=sum(line.status is S.SUBMITTED for line in unfinished),
        late=tuple(late),
    )


def _rows(columns: Sequence[ProcessStep]) -> tuple[UnitRow, ...]:
    """Units in the order of the group, each with its steps."""
    by_unit: dict[str, dict[str, StepLine]] = {}
    for column in columns:
        for slot in column.slots:
            by_unit.setdefault(slot.step.slot, {})[column.code] = slot.step
    return tuple(UnitRow(unit, tuple(steps.get(column.code) for column in columns)) for unit, steps in by_unit.items())


def _source(workflow: CompiledWorkflow) -> str:
    return next((k.source for k in workflow.plan.key_tasks if k.code == workflow.key_task), "")


def _journal(
    connection: Connection, viewer: Actor, row: WorkflowRow, lines: Sequence[StepLine], workflow: CompiledWorkflow, names: UnitNames,
    before: int | None,
) -> tuple[tuple[JournalLine, ...], int | None]:  # fmt: skip
    entries: Sequence[Any] = sql.journal(connection, viewer, stream_of(row.id), ENTRIES + 1, before)
    shown = entries[:ENTRIES]
    people = step_sql.units_of(connection, sorted({entry.account_id for entry in shown})) if shown else {}
    told = journal_lines(shown, people, {line.id: line for line in lines}, workflow, names)
    return told, (shown[-1].seq if len(entries) > ENTRIES else None)
