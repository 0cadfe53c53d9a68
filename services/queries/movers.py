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


def movers(connection: Connection, viewer: Actor, plan_id: int, now: Now) -> tuple[tuple[Mover, ...], int]:
    """The first few who must move, and how many there are in all."""
    rows = {row.id: row for row in sql.late_approvals(connection, viewer, plan_id, now, LOOKED_AT)}
    rows |= {row.id: row for row in sql.late_units(connection, viewer, plan_id, now, LOOKED_AT)}
    if not rows:
        return (), 0
    waiting = sql.held_up(connection, viewer, {row.workflow_id for row in rows.values()}, now.today + NEAR)
    today = start_of_day(now.today)
    ranked = sorted((_mover(connection, row, waiting, now) for row in rows.values()), key=lambda m: (-bool(m.blocks), -m.days, m.step.id))
    first = ranked[:SHOWN]
    chased = sql.chased(connection, viewer, [m.step.id for m in first], today)
    total = len(rows) if len(rows) < LOOKED_AT else sql.how_many_late(connection, viewer, plan_id, now)
    return tuple(_told(m, chased.get(m.step.id)) for m in first), total


def _mover(connection: Connection, row: StepRow, waiting: dict[tuple[int, str], int], now: Now) -> Mover:
    workflow = definition_of(connection, row)
    line = step_line(row, workflow, now)
    approves = line.status is WorkStatus.SUBMITTED
    since = (row.approval_due_on if approves else row.due_on) or now.today
    blocks = sum(waiting.get((row.workflow_id, code), 0) for code in _after(workflow, row.code))
    return Mover(row.holder or row.lead, line, approves, since, (now.today - since).days, blocks, None)


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


def _told(mover: Mover, chased_at: datetime | None) -> Mover:
    return Mover(mover.unit, mover.step, mover.approves, mover.since, mover.days, mover.blocks, chased_at)
