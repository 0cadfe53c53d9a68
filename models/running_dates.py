"""Statements on the dates that run: unfinished steps with their ledgers, for counting them again under another calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from engine.step_state import FIELDS
from models.chunks import chunks
from models.steps import UNFINISHED
from models.tables import deadline, journal_entry, step, workflow

_STEP = (*(step.c[name] for name in FIELDS), step.c.workflow_id, step.c.planned_on, step.c.submitted_at, step.c.next_rung_at)
_STEP_INSTANTS = (step.c.approval_due_at,)
_WORKFLOW = tuple(
    workflow.c[name]
    for name in (
        "id", "plan_id", "version_id", "key_task", "code", "cycle", "first_on", "last_on", "anchor_on", "opens_on", "confidential", "lead",
    )
)  # fmt: skip


def running_workflows(connection: Connection, after: int, limit: int) -> list[RowMapping]:
    """Unfinished workflows with an id above ``after``, by id."""
    query = select(*_WORKFLOW).where(workflow.c.finished_at.is_(None), workflow.c.id > after).order_by(workflow.c.id).limit(limit)
    return list(connection.execute(query).mappings())


def unfinished_steps(connection: Connection, workflow_ids: Sequence[int]) -> list[RowMapping]:
    """The unfinished steps of workflows with the columns of a `StepState` and what counting dates and looking needs."""
    rows: list[RowMapping] = []
    query = select(*_STEP, *_STEP_INSTANTS).where(UNFINISHED).order_by(step.c.workflow_id, step.c.position)
    for ids in chunks(workflow_ids):
        rows += connection.execute(query.where(step.c.workflow_id.in_(ids))).mappings()
    return rows


def ledgers(connection: Connection, step_ids: Sequence[int]) -> dict[int, list[Any]]:
    """(kind, due_on, working_days) of every ledger entry, oldest first, by step."""
    found: dict[int, list[Any]] = {id_: [] for id_ in step_ids}
    columns = (deadline.c.step_id, deadline.c.kind, deadline.c.due_on, deadline.c.working_days)
    query = select(*columns).order_by(deadline.c.step_id, deadline.c.due_version)
    for ids in chunks(step_ids):
        for row in connection.execute(query.where(deadline.c.step_id.in_(ids))):
            found[row.step_id].append(row)
    return found


def later_links(connection: Connection, step_ids: Sequence[int]) -> dict[int, datetime]:
    """When a link of approval last handed on to the next, by step."""
    found: dict[int, datetime] = {}
    entry = journal_entry.c
    query = select(entry.step_id, entry.at, entry.body).where(entry.action.in_(("approve", "record"))).order_by(entry.stream, entry.seq)
    for ids in chunks(step_ids):
        for row in connection.execute(query.where(entry.step_id.in_(ids))):
            if any(fact["kind"] == "step.link-approved" for fact in row.body["facts"]):
                found[row.step_id] = row.at
    return found


def look_now(connection: Connection, step_ids: Sequence[int], at: datetime) -> None:
    """Have the sweep look at steps at ``at`` and work out anew when it looks next."""
    for ids in chunks(step_ids):
        connection.execute(update(step).where(step.c.id.in_(ids)).values(next_rung_at=at))


def estimate(connection: Connection, step_id: int, planned_on: Any) -> None:
    """Write when a step that has no date yet is expected."""
    connection.execute(update(step).where(step.c.id == step_id).values(planned_on=planned_on))
