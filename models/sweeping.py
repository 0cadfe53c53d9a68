"""Statements of the sweep: which steps have an instant to look at, and what came of it. Cost follows what crosses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from models.chunks import chunks
from models.steps import UNFINISHED
from models.tables import notice, step, workflow

STEP_COLUMNS = (
    step.c.id,
    step.c.workflow_id,
    step.c.code,
    step.c.slot,
    step.c.lead,
    step.c.status,
    step.c.due_on,
    step.c.due_at,
    step.c.soon_at,
    step.c.due_version,
    step.c.submitted_on,
    step.c.approval_due_on,
    step.c.approval_due_at,
    step.c.next_rung_at,
    step.c.round,
    step.c.link,
)
_crossing = (
    select(step.c.workflow_id)
    .where(UNFINISHED, step.c.next_rung_at <= bindparam("at"))
    .order_by(step.c.next_rung_at)
    .limit(bindparam("most"))
    .subquery()
)
_TO_SWEEP = select(_crossing.c.workflow_id).distinct().order_by(_crossing.c.workflow_id)
_CROSSING = (
    select(*STEP_COLUMNS)
    .where(UNFINISHED, step.c.workflow_id == bindparam("workflow"), step.c.next_rung_at <= bindparam("at"))
    .order_by(step.c.id)
)
_TO_OPEN = (
    select(step.c.workflow_id)
    .where(step.c.status == "waiting", step.c.closed_on.is_(None), step.c.not_before <= bindparam("today"))
    .distinct()
    .order_by(step.c.workflow_id)
)


def workflows_to_sweep(connection: Connection, at: datetime, limit: int) -> list[int]:
    """Ids, ascending, of workflows holding a step whose next instant has come; at most ``limit`` steps are looked at."""
    return list(connection.execute(_TO_SWEEP, {"at": at, "most": limit}).scalars())


def crossing_steps(connection: Connection, workflow_id: int, at: datetime) -> list[RowMapping]:
    """The steps of one workflow whose next instant has come. Read under the workflow's lock."""
    return list(connection.execute(_CROSSING, {"workflow": workflow_id, "at": at}).mappings())


_NEXT = update(step).where(step.c.id == bindparam("id_")).values(next_rung_at=bindparam("next_"))


def set_next(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write when to look again: rows of ``id_`` and ``next_`` (None: never)."""
    connection.execute(_NEXT, rows)


def workflows_to_open(connection: Connection, today: date) -> list[int]:
    """Workflows with a waiting step whose day has come."""
    return list(connection.execute(_TO_OPEN, {"today": today}).scalars())


def waiting_codes(connection: Connection, workflow_id: int) -> set[str]:
    """The codes of the workflow's waiting steps."""
    query = select(step.c.code).where(step.c.workflow_id == workflow_id, step.c.status == "waiting", step.c.closed_on.is_(None)).distinct()
    return set(connection.execute(query).scalars())


def workflow_row(connection: Connection, workflow_id: int) -> RowMapping | None:
    """A workflow without locking it."""
    return connection.execute(select(workflow).where(workflow.c.id == workflow_id)).mappings().one_or_none()


def told_already(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Those of ``keys`` for which there is a notice: a rung comes round again when the calendar changes under its ladder."""
    found: set[str] = set()
    for some in chunks(keys):
        found |= set(connection.execute(select(notice.c.key).where(notice.c.key.in_(some))).scalars())
    return found
