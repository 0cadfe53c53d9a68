"""Who must move next, and what falls due soon: two lists that the partial indexes serve."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, func, select

from engine.access import Actor
from engine.instants import Now, end_of_day
from engine.statuses import WITH_UNIT, WorkStatus
from engine.transitions import Action
from models.reading.lines import StepRow, fetch, step_lines
from models.reading.marks import UNFINISHED
from models.tables import journal_entry, step, workflow
from models.visible import STEPS_OF_WORKFLOWS, visible

S = WorkStatus
WORKING = sorted(WITH_UNIT)
# Each reader's statements are kept, with these as parameters: making and keying them takes longer than the database does.
_PLAN, _MOST = bindparam("plan", type_=Integer), bindparam("most", type_=Integer)
_AT, _UNTIL = bindparam("at", type_=step.c.due_at.type), bindparam("until", type_=step.c.due_at.type)


@dataclass(frozen=True, slots=True)
class DueThing:
    """Steps of one code of one workflow due on one day. ``first_lead`` and ``last_lead`` name them where there are one or two.

    ``of_day`` and ``things_of_day``: all steps and all such rows of the day, of which only the largest are given.
    """

    due_on: date
    version_id: int
    key_task: str
    workflow_code: str
    cycle: str
    confidential: bool
    workflow_id: int
    code: str
    steps: int
    leads: int
    first_lead: str
    last_lead: str
    of_day: int
    things_of_day: int


def late_units(connection: Connection, actor: Actor, plan_id: int, now: Now, limit: int) -> tuple[StepRow, ...]:
    """Steps that are late with the unit that must work on them, the longest overdue first."""
    return fetch(connection, _late_units(actor), {"at": now.business, "plan": plan_id, "most": limit})


@lru_cache(maxsize=128)
def _late_units(actor: Actor) -> Select[Any]:
    query = step_lines(actor).where(UNFINISHED, step.c.due_at <= _AT, step.c.status.in_(WORKING), step.c.plan_id == _PLAN)
    return query.order_by(step.c.due_at, step.c.id).limit(_MOST)


def late_approvals(connection: Connection, actor: Actor, plan_id: int, now: Now, limit: int) -> tuple[StepRow, ...]:
    """Submitted steps whose approver's own date has passed, the longest waiting first."""
    return fetch(connection, _late_approvals(actor), {"at": now.business, "plan": plan_id, "most": limit})


@lru_cache(maxsize=128)
def _late_approvals(actor: Actor) -> Select[Any]:
    query = step_lines(actor).where(UNFINISHED, step.c.approval_due_at <= _AT, step.c.plan_id == _PLAN)
    return query.order_by(step.c.approval_due_at, step.c.id).limit(_MOST)


def held_up(connection: Connection, actor: Actor, workflow_ids: Collection[int], until: date) -> dict[tuple[int, str], int]:
    """(workflow, step code) → how many steps wait there although their date is no later than ``until``."""
    query = (
        select(step.c.workflow_id, step.c.code, func.count().label("n"))
        .where(step.c.workflow_id.in_(workflow_ids), step.c.status == S.WAITING, step.c.due_at <= end_of_day(until))
        .group_by(step.c.workflow_id, step.c.code)
    )
    return {(row.workflow_id, row.code): row.n for row in connection.execute(visible(query, actor))}


def chased(connection: Connection, actor: Actor, step_ids: Collection[int], since: datetime) -> dict[int, datetime]:
    """When each of the steps was last chased, at ``since`` or later."""
    query = (
        select(journal_entry.c.step_id, func.max(journal_entry.c.at).label("at"))
        .where(journal_entry.c.step_id.in_(step_ids), journal_entry.c.action == Action.CHASE, journal_entry.c.at >= since)
        .group_by(journal_entry.c.step_id)
    )
    return {row.step_id: row.at for row in connection.execute(visible(query, actor))}


def due_between(connection: Connection, actor: Actor, plan_id: int, after: datetime, until: datetime, most: int) -> list[DueThing]:
    """What falls due after ``after`` up to ``until``, by workflow and step code: of each day the ``most`` largest rows."""
    values = {"at": after, "until": until, "plan": plan_id, "most": most}
    return [DueThing(**row._mapping) for row in connection.execute(_due_between(actor), values)]


@lru_cache(maxsize=128)
def _due_between(actor: Actor) -> Select[Any]:
    by: tuple[Any, ...] = (
        step.c.due_on, workflow.c.version_id, workflow.c.key_task, workflow.c.code.label("workflow_code"), workflow.c.cycle,
        workflow.c.confidential, step.c.workflow_id, step.c.code,
    )  # fmt: skip
    leads = func.count(step.c.lead.distinct()).label("leads")
    grouped = (
        select(*by, func.count().label("steps"), leads, func.min(step.c.lead).label("first_lead"), func.max(step.c.lead).label("last_lead"))
        .select_from(STEPS_OF_WORKFLOWS)
        .where(UNFINISHED, step.c.due_at > _AT, step.c.due_at <= _UNTIL, step.c.plan_id == _PLAN, step.c.due_on.is_not(None))
        .group_by(*by)
    )
    things = visible(grouped, actor).subquery()
    day: dict[str, Any] = {"partition_by": things.c.due_on}
    ranked = select(
        things,
        func.sum(things.c.steps).over(**day).label("of_day"),
        func.count().over(**day).label("things_of_day"),
        func.row_number().over(**day, order_by=(things.c.steps.desc(), things.c.workflow_id, things.c.code)).label("nth"),
    ).subquery()
    names = [ranked.c[name] for name in DueThing.__slots__]
    return select(*names).where(ranked.c.nth <= _MOST).order_by(ranked.c.due_on, ranked.c.nth)
