"""What the flow run of a workflow shows: its name, tags and state, and one line per step that has opened or ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from engine.instants import Now
from engine.statuses import STATUS_TEXT, VOID, Timeliness, WorkStatus
from engine.timeliness import timeliness
from models import waking as sql
from models.database import Database
from services.definitions import workflow_of
from services.wakes import base_tags, run_name

S = WorkStatus


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step as a Prefect task run mirrors it. ``mirror``: running | completed | cancelled."""

    step_id: int
    code: str
    title: str
    unit: str
    status: str
    timeliness: str
    mirror: str
    state_name: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class FlowView:
    """A workflow as Prefect's interface shows it. ``state_name`` is what a supervisor reads while it waits."""

    workflow_id: int
    name: str
    key_task: str | None
    cycle: str
    generation: int
    flow_run_id: UUID | None
    finished: bool
    waiting_units: int
    overdue: int
    due_soon: int
    approvals: int
    tags: tuple[str, ...]
    state_name: str
    steps: tuple[FlowStep, ...]


def flow_view(db: Database, workflow_id: int, *, now: Now) -> FlowView | None:
    """The workflow at ``now``; None if there is none."""
    with db.read() as connection:
        row = sql.workflow_row(connection, workflow_id)
        if row is None:
            return None
        compiled = workflow_of(connection, row)
        name = run_name(connection, row)
        stored = sql.steps_of(connection, workflow_id)
    times = {r.id: _time(r, now) for r in stored}
    running = [times[r.id] for r in stored if r.closed_on is None]
    overdue, due_soon = running.count(Timeliness.OVERDUE), running.count(Timeliness.DUE_SOON)
    holders = {r.clock_holder for r in stored if r.clock_holder}
    approvals = sum(r.status == S.SUBMITTED for r in stored if r.closed_on is None)
    tags = (*base_tags(row), *(("overdue",) if overdue else ()), *(("due-soon",) if due_soon else ()))
    steps = tuple(_step(r, times[r.id], compiled, row["confidential"], now) for r in stored if r.opened_on or S(r.status) in VOID)
    return FlowView(
        workflow_id,
        name,
        row["key_task"] or None,
        row["cycle"],
        row["generation"],
        row["flow_run_id"],
        row["finished_at"] is not None,
        len(holders),
        overdue,
        due_soon,
        approvals,
        tags,
        _waiting_for(stored, holders, overdue, compiled, now),
        steps,
    )


def _time(row: Any, now: Now) -> Timeliness:
    return timeliness(
        WorkStatus(row.status), row.due_on, now.business, due_at=row.due_at, soon_at=row.soon_at, submitted_on=row.submitted_on
    )


def _waiting_for(stored: Sequence[Any], holders: set[str], overdue: int, compiled: Any, now: Now) -> str:
    """ "Chờ 10 đơn vị · quá hạn 2", or the one unit by its short name."""
    if not holders:
        return "Chờ đến ngày mở" if any(r.status == S.WAITING and r.closed_on is None for r in stored) else "Tạm dừng"
    who = compiled.plan.unit(next(iter(holders))).name_on(now.today).short.vi if len(holders) == 1 else f"{len(holders)} đơn vị"
    verb = "Chờ duyệt" if all(r.status == S.SUBMITTED for r in stored if r.clock_holder) else "Chờ"
    return f"{verb} {who}" + (f" · quá hạn {overdue}" if overdue else "")


def _step(row: Any, time: Timeliness, compiled: Any, confidential: bool, now: Now) -> FlowStep:
    status = WorkStatus(row.status)
    mirror, state = "running", "Chờ đơn vị"
    if status is S.DONE:
        mirror, state = "completed", "Đã duyệt"
    elif status in VOID:
        mirror, state = "cancelled", STATUS_TEXT[status].vi
    elif row.closed_on is not None:
        mirror, state = "cancelled", "Kết sổ, chưa hoàn thành"
    elif time is Timeliness.OVERDUE:
        state = "Quá hạn"
    elif status is S.SUBMITTED:
        state = "Chờ duyệt"
    elif status is S.SUSPENDED:
        state = "Tạm dừng"
    title = row.code if confidential else compiled.steps[row.code].title.vi
    unit = compiled.plan.unit(row.lead).name_on(now.today).short.vi
    return FlowStep(row.id, row.code, title, unit, status.value, time.value, mirror, state, row.due_on)
