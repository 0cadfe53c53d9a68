"""Statements between the workflows and their flow runs: who must wake, what was woken, under which generation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, RowMapping, func, select, update

from models.steps import UNFINISHED
from models.tables import step, workflow

_unfinished = select(func.min(step.c.due_at)).where(step.c.workflow_id == workflow.c.id, UNFINISHED)
_due = _unfinished.correlate(workflow).scalar_subquery()
_COLUMNS = (
    workflow.c.id,
    workflow.c.version_id,
    workflow.c.key_task,
    workflow.c.code,
    workflow.c.cycle,
    workflow.c.first_on,
    workflow.c.confidential,
    workflow.c.wake,
    workflow.c.woken,
    workflow.c.generation,
    workflow.c.flow_run_id,
    workflow.c.finished_at,
)


def dirty(connection: Connection, limit: int) -> list[RowMapping]:
    """Workflows whose wake counter is ahead, the one with the earliest date first."""
    query = select(*_COLUMNS).where(workflow.c.wake > workflow.c.woken).order_by(_due.asc().nulls_last(), workflow.c.id).limit(limit)
    return list(connection.execute(query).mappings())


def live(connection: Connection) -> list[RowMapping]:
    """Every workflow that is not finished."""
    return list(connection.execute(select(*_COLUMNS).where(workflow.c.finished_at.is_(None)).order_by(workflow.c.id)).mappings())


def record_woken(connection: Connection, workflow_id: int, wake: int, at: datetime) -> None:
    """Note the wake value that was read before waking."""
    connection.execute(update(workflow).where(workflow.c.id == workflow_id, workflow.c.woken < wake).values(woken=wake, woken_at=at))


def mark_dirty(connection: Connection, workflow_id: int) -> None:
    """Have the workflow woken once more."""
    connection.execute(update(workflow).where(workflow.c.id == workflow_id).values(wake=workflow.c.wake + 1))


def next_generation(connection: Connection, workflow_id: int) -> int:
    """Count up and return the generation of the workflow's flow run."""
    statement = update(workflow).where(workflow.c.id == workflow_id).values(generation=workflow.c.generation + 1, flow_run_id=None)
    return int(connection.execute(statement.returning(workflow.c.generation)).scalar_one())


def record_run(connection: Connection, workflow_id: int, generation: int, flow_run_id: UUID) -> None:
    """Note the flow run of a generation; an older generation changes nothing."""
    connection.execute(
        update(workflow).where(workflow.c.id == workflow_id, workflow.c.generation == generation).values(flow_run_id=flow_run_id)
    )


def steps_of(connection: Connection, workflow_id: int) -> list[Row[Any]]:
    """Every step of a workflow in its order, with what a flow run shows."""
    query = (
        select(
            step.c.id,
            step.c.code,
            step.c.slot,
            step.c.lead,
            step.c.status,
            step.c.due_on,
            step.c.due_at,
            step.c.soon_at,
            step.c.submitted_on,
            step.c.approval_due_at,
            step.c.clock_holder,
            step.c.opened_on,
            step.c.closed_on,
        )
        .where(step.c.workflow_id == workflow_id)
        .order_by(step.c.position)
    )
    return list(connection.execute(query))


def workflow_row(connection: Connection, workflow_id: int) -> RowMapping | None:
    """What a flow run must know of its workflow."""
    return connection.execute(select(*_COLUMNS).where(workflow.c.id == workflow_id)).mappings().one_or_none()
