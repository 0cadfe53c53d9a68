"""The overdue list: unfinished steps past their date, in the order of the partial indexes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam, func, select

from engine.access import Actor
from models.reading.lines import StepRow, fetch, step_lines
from models.reading.marks import UNFINISHED, overdue, part
from models.tables import step, workflow
from models.visible import visible


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; what is empty narrows nothing. ``key_task``: "-" means plan-level work, `AD_HOC` assignments."""

    units: tuple[str, ...] = ()
    key_task: str = ""
    plan_id: int | None = None


def rows(connection: Connection, actor: Actor, wanted: Wanted, at: datetime, *, limit: int, offset: int) -> tuple[StepRow, ...]:
    """Steps overdue at ``at``, the longest overdue first."""
    return fetch(connection, _rows(actor, wanted), {"at": at, "most": limit, "skipped": offset})


@lru_cache(maxsize=128)
def _rows(actor: Actor, wanted: Wanted) -> Select[Any]:
    """Kept, since making and keying the statement takes longer than the database does."""
    late = step.c.due_at <= bindparam("at", type_=step.c.due_at.type)
    query = step_lines(actor).where(UNFINISHED, late, *_conditions(wanted)).order_by(step.c.due_at, step.c.id)
    return query.limit(bindparam("most", type_=Integer)).offset(bindparam("skipped", type_=Integer))


def how_many(connection: Connection, actor: Actor, wanted: Wanted, at: datetime) -> int:
    """How many steps `rows` gives without a limit."""
    query = select(func.count()).select_from(step).where(UNFINISHED, overdue(at), *_conditions(wanted))
    if wanted.key_task:
        query = query.join(workflow, workflow.c.id == step.c.workflow_id)
    return int(connection.execute(visible(query, actor)).scalar_one())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.units:
        conditions.append(step.c.lead.in_(wanted.units))
    if wanted.key_task:
        conditions.append(part() == ("" if wanted.key_task == "-" else wanted.key_task))
    if wanted.plan_id is not None:
        conditions.append(step.c.plan_id == wanted.plan_id)
    return conditions
