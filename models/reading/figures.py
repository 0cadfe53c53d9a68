"""Figures as a person may read them: which steps have them, what was handed in, what the journal says became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from engine.access import Actor
from models.figures import ENTRIES, ROUNDS
from models.tables import plan, step, workflow
from models.visible import in_full, visible

HANDED_IN = ("submitted", "done")
WORKFLOW = ("id", "plan_id", "version_id", "key_task", "code", "cycle", "first_on", "opens_on", "confidential")


def rounds(connection: Connection, actor: Actor, steps: Collection[int]) -> Sequence[Row[Any]]:
    """(step_id, number, recorded, body) of the rounds of ``steps`` that ``actor`` reads in full."""
    return connection.execute(visible(ROUNDS, actor), {"steps": sorted(steps)}).all()


def entries(connection: Connection, actor: Actor, steps: Collection[int]) -> Sequence[Row[Any]]:
    """(step_id, seq, at, action, body) of their journal entries that matter to figures, oldest first."""
    return connection.execute(visible(ENTRIES, actor), {"steps": sorted(steps)}).all()


def previous(connection: Connection, actor: Actor, row: Any, code: str, slot: str) -> Row[Any] | None:
    """(id, cycle) of the step ``code`` of the same unit in the last cycle before workflow ``row`` in which it was handed in, or None."""
    query: Select[Any] = (
        select(step.c.id, workflow.c.cycle)
        .join_from(step, workflow, workflow.c.id == step.c.workflow_id)
        .where(
            workflow.c.plan_id == row["plan_id"], workflow.c.key_task == row["key_task"], workflow.c.code == row["workflow_code"],
            workflow.c.opens_on < row["opens_on"], step.c.code == code, step.c.slot == slot, step.c.status.in_(HANDED_IN),
        )
        .order_by(workflow.c.opens_on.desc())
        .limit(1)
    )  # fmt: skip
    return connection.execute(visible(query, actor)).first()


def steps(connection: Connection, actor: Actor, workflows: Collection[int], codes: Collection[str]) -> Sequence[Row[Any]]:
    """(id, workflow_id, code, slot, lead, status, full) of the steps ``codes`` of ``workflows``, in their fixed order."""
    query = (
        select(step.c.id, step.c.workflow_id, step.c.code, step.c.slot, step.c.lead, step.c.status, in_full(actor).label("full"))
        .where(step.c.workflow_id.in_(sorted(workflows)), step.c.code.in_(sorted(codes)))
        .order_by(step.c.workflow_id, step.c.position, step.c.id)
    )
    return connection.execute(visible(query, actor)).all()


def periods(connection: Connection, actor: Actor, workflow_id: int, limit: int) -> Sequence[Row[Any]]:
    """The workflow and those of its earlier cycles, latest first, at most ``limit``; with ``plan_number``. () if it is not visible."""
    this = workflow.alias("this")
    query = (
        select(*(workflow.c[name] for name in WORKFLOW), plan.c.number.label("plan_number"))
        .join_from(workflow, this, (this.c.plan_id == workflow.c.plan_id) & (this.c.code == workflow.c.code))
        .join(plan, plan.c.id == workflow.c.plan_id)
        .where(this.c.id == workflow_id, this.c.key_task == workflow.c.key_task, workflow.c.opens_on <= this.c.opens_on)
        .order_by(workflow.c.opens_on.desc())
        .limit(limit)
    )
    return connection.execute(visible(query, actor)).all()


def running(connection: Connection, actor: Actor, until: date, limit: int) -> Sequence[Row[Any]]:
    """The latest ``limit`` workflows opened by ``until`` that are not confidential, each with (code, total, handed in) by step code."""
    handed_in = func.count().filter(step.c.status.in_(HANDED_IN)).label("handed_in")
    live = func.count().filter(step.c.status.not_in(("cancelled", "not-applicable", "prior"))).label("live")
    query = (
        select(*(workflow.c[name] for name in WORKFLOW), step.c.code.label("step_code"), live, handed_in)
        .join_from(workflow, step, step.c.workflow_id == workflow.c.id)
        .where(workflow.c.opens_on <= until, workflow.c.confidential.is_(False), in_full(actor))
        .group_by(*(workflow.c[name] for name in WORKFLOW), step.c.code)
        .order_by(workflow.c.opens_on.desc(), workflow.c.id.desc())
        .limit(limit)
    )
    return connection.execute(visible(query, actor)).all()
