"""What telling a past day again reads: the journals, steps and ledgers of workflows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, select

from engine.access import Actor
from models.chunks import chunks
from models.tables import deadline, journal_entry, step, workflow
from models.visible import visible

WORKFLOW = ("id", "version_id", "key_task", "code", "cycle", "first_on", "confidential")


def workflows(connection: Connection, actor: Actor, plan_id: int, until: datetime) -> dict[int, RowMapping]:
    """The workflows of a plan that ``actor`` may know of and that had opened by ``until``, by id."""
    columns = [workflow.c[name] for name in WORKFLOW]
    query = select(*columns).where(workflow.c.plan_id == plan_id, workflow.c.opened_at <= until).order_by(workflow.c.id)
    return {row["id"]: row for row in connection.execute(visible(query, actor)).mappings()}


def steps(connection: Connection, workflow_ids: Collection[int]) -> list[RowMapping]:
    """Every step of the workflows as it is stored now, in its order."""
    return [row for ids in chunks(workflow_ids) for row in connection.execute(_STEPS.where(step.c.workflow_id.in_(ids))).mappings()]


def entries(connection: Connection, streams: Collection[str]) -> Sequence[Row[Any]]:
    """(stream, seq, at, step_id, body) of the journals, each oldest first."""
    return [row for names in chunks(streams) for row in connection.execute(_ENTRIES.where(journal_entry.c.stream.in_(names)))]


def ledgers(connection: Connection, workflow_ids: Collection[int]) -> Sequence[Row[Any]]:
    """(step_id, kind, due_on, at) of every ledger entry of the workflows' steps, oldest first."""
    return [row for ids in chunks(workflow_ids) for row in connection.execute(_LEDGERS.where(step.c.workflow_id.in_(ids)))]


_STEPS = select(step).order_by(step.c.workflow_id, step.c.position, step.c.id)
_entry = journal_entry.c
_ENTRIES = select(_entry.stream, _entry.seq, _entry.at, _entry.step_id, _entry.body).order_by(_entry.stream, _entry.seq)
_LEDGERS = (
    select(deadline.c.step_id, deadline.c.kind, deadline.c.due_on, deadline.c.at)
    .join(step, step.c.id == deadline.c.step_id)
    .order_by(deadline.c.step_id, deadline.c.due_version)
)
