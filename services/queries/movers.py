"""Who must move next: late units and late approvers, those first who hold up others, then those who have kept waiting longest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from engine.access import Actor
from engine.compiled import CompiledWorkflow
from engine.instants import Now, start_of_day
from engine.statuses import WorkStatus
from models.reading import overview as sql
from models.reading.lines import StepRow
from services.queries.lines import StepLine, definition_of, step_line

LOOKED_AT = 60  # of each kind, the longest late; among them those that hold up others come first
SHOWN = 8
NEAR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Mover:
    """``unit`` must act on ``step``: approve it (``approves``) or work on it, and is ``days`` late since ``since``.

    ``blocks``: steps due within a fortnight or earlier that wait for it. ``chased_at``: the last chase today, if any.
    """

    unit: str
    step: StepLine
    approves: bool
    since: date
    days: int
    blocks: int
    chased_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A late step before it is known whether it will be shown."""

    row: StepRow
    workflow: CompiledWorkflow
    approves: bool
    since: date
    blocks: int


def movers(connection: Connection, viewer: Actor, plan_id: int, now: Now) -> tuple[tuple[Mover, ...], bool]:
    """The first few who must move, and whether there are more."""
    rows = {row.id: row for row in sql.late_approvals(connection, viewer, plan_id, now, LOOKED_AT)}
    rows |= {row.id: row for row in sql.late_units(connection, viewer, plan_id, now, LOOKED_AT)}
    if not rows:
        return (), False
    waiting = sql.held_up(connection, viewer, {row.workflow_id for row in rows.values()}, now.today + NEAR)
    found = [_candidate(row, definition_of(connection, row), waiting, now) for row in rows.values()]
    first = sorted(found, key=lambda c: (-bool(c.blocks), c.since, c.row.id))[:SHOWN]
    chased = sql.chased(connection, viewer, [c.row.id for c in first], start_of_day(now.today))
    return tuple(_mover(c, chased.get(c.row.id), now) for c in first), len(rows) > len(first)


def _candidate(row: StepRow, workflow: CompiledWorkflow, waiting: dict[tuple[int, str], int], now: Now) -> _Candidate:
    approves = row.status == WorkStatus.SUBMITTED
    since = (row.approval_due_on if approves else row.due_on) or now.today
    return _Candidate(row, workflow, approves, since, sum(waiting.get((row.workflow_id, code), 0) for code in _after(workflow, row.code)))


def _mover(found: _Candidate, chased_at: datetime | None, now: Now) -> Mover:
    line = step_line(found.row, found.workflow, now)
    days = (now.today - found.since).days
    return Mover(found.row.holder or found.row.lead, line, found.approves, found.since, days, found.blocks, chased_at)


def _after(workflow: CompiledWorkflow, code: str) -> Iterable[str]:
    """Every step that cannot open before ``code`` is passed, near or far."""
    found: dict[str, None] = {}
    ahead = [edge.after for edge in workflow.out_of[code]]
    while ahead:
        step = ahead.pop()
        if step not in found:
            found[step] = None
            ahead += [edge.after for edge in workflow.out_of[step]]
    return found
