"""What foreseeing reads: the unfinished steps in question as the sweep sees them, and notices about them that have not left."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, exists, or_, select

from engine.access import Actor
from models.chunks import chunks
from models.notices import PENDING
from models.steps import UNFINISHED
from models.sweeping import STEP_COLUMNS
from models.tables import notice, step, workflow
from models.visible import in_full, visible

MOST = 2000  # steps of a plan; what lies further away is left out


def steps(connection: Connection, actor: Actor, *, step_id: int | None, unit: str, plan_id: int | None) -> list[RowMapping]:
    """Steps that ``actor`` reads in full: one, those whose clock ``unit`` holds, or those of a plan (None: of every plan)."""
    query: Select[Any] = (
        select(*STEP_COLUMNS, step.c.plan_id, workflow.c.version_id, workflow.c.key_task, workflow.c.code.label("workflow_code"))
        .join_from(step, workflow, workflow.c.id == step.c.workflow_id)
        .where(UNFINISHED, in_full(actor), step.c.next_rung_at.is_not(None))
        .order_by(step.c.next_rung_at, step.c.id)
    )
    if step_id is not None:
        query = query.where(step.c.id == step_id)
    if unit:
        query = query.where(step.c.clock_holder == unit)
    if plan_id is not None:
        query = query.where(step.c.plan_id == plan_id)
    return list(connection.execute(visible(query, actor).limit(MOST)).mappings())


def waiting(connection: Connection, step_ids: Collection[int]) -> list[RowMapping]:
    """Notices about the steps that have not been turned into mails, oldest first; that of a whole fan-out if it is about one of them."""
    found: dict[int, RowMapping] = {}
    opened = (step.c.workflow_id == notice.c.workflow_id, step.c.code == notice.c.step_code, step.c.opened_seq == notice.c.seq)
    for ids in chunks(step_ids):
        fanned = exists().where(notice.c.step_id.is_(None), *opened, step.c.id.in_(ids))
        query = select(notice).where(PENDING, or_(notice.c.step_id.in_(ids), fanned))
        found |= {row["id"]: row for row in connection.execute(query).mappings()}
    return [found[id_] for id_ in sorted(found)]
