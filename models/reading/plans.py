"""Published plans, their key tasks and their workflows, for headings and lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select

from engine.access import Actor
from engine.definition import Text
from models.tables import key_task, plan, workflow
from models.visible import visible


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A published plan; ``version_id`` is the version in force."""

    id: int
    number: str
    title_vi: str
    title_en: str
    issued_on: date
    from_on: date
    to_on: date
    standing_agency: str
    version_id: int

    @property
    def title(self) -> Text:
        """The title in both languages."""
        return Text(self.title_vi, self.title_en)


@dataclass(frozen=True, slots=True)
class KeyTaskRow:
    id: int
    plan_id: int
    code: str
    title_vi: str
    title_en: str
    lead: str

    @property
    def title(self) -> Text:
        """The title in both languages."""
        return Text(self.title_vi, self.title_en)


@dataclass(frozen=True, slots=True)
class WorkflowRow:
    """A tracked workflow without its journal's end."""

    id: int
    plan_id: int
    version_id: int
    key_task: str
    code: str
    cycle: str
    first_on: date
    last_on: date
    anchor_on: date | None
    opens_on: date
    lead: str
    confidential: bool
    seq: int
    counts: dict[str, Any]
    flow_run_id: UUID | None
    opened_at: datetime
    finished_at: datetime | None
    assignment_id: int | None
    closed_at: datetime | None


def plans(connection: Connection, actor: Actor) -> tuple[PlanRow, ...]:
    """Every plan that ``actor`` may know of, the latest first."""
    query = visible(select(*(plan.c[name] for name in PlanRow.__slots__)), actor).order_by(plan.c.issued_on.desc(), plan.c.id.desc())
    return tuple(PlanRow(**row._mapping) for row in connection.execute(query))


def key_tasks(connection: Connection, actor: Actor, plan_id: int) -> tuple[KeyTaskRow, ...]:
    """The key tasks of a plan that ``actor`` may know of, in the plan's order."""
    return _key_tasks(connection, actor, key_task.c.plan_id == plan_id)


def every_key_task(connection: Connection, actor: Actor) -> tuple[KeyTaskRow, ...]:
    """The key tasks that ``actor`` may know of, those of the latest plan first."""
    query = select(*(key_task.c[name] for name in KeyTaskRow.__slots__)).join(plan, plan.c.id == key_task.c.plan_id)
    ordered = query.order_by(plan.c.issued_on.desc(), plan.c.id.desc(), key_task.c.position)
    return tuple(KeyTaskRow(**row._mapping) for row in connection.execute(visible(ordered, actor)))


def key_task_by_id(connection: Connection, actor: Actor, key_task_id: int) -> KeyTaskRow | None:
    """One key task, or None where there is none for ``actor``."""
    return next(iter(_key_tasks(connection, actor, key_task.c.id == key_task_id)), None)


def workflows(connection: Connection, actor: Actor, plan_id: int, *conditions: ColumnElement[bool]) -> tuple[WorkflowRow, ...]:
    """The workflows of a plan that ``actor`` may know of, the latest cycle first."""
    query = _workflows(actor).where(workflow.c.plan_id == plan_id, *conditions)
    ordered = query.order_by(workflow.c.first_on.desc(), workflow.c.key_task, workflow.c.id)
    return tuple(WorkflowRow(**row._mapping) for row in connection.execute(ordered))


def workflow_by_id(connection: Connection, actor: Actor, workflow_id: int) -> WorkflowRow | None:
    """One workflow, or None where there is none for ``actor``."""
    row = connection.execute(_workflows(actor).where(workflow.c.id == workflow_id)).one_or_none()
    return WorkflowRow(**row._mapping) if row else None


def of_key_task(code: str) -> ColumnElement[bool]:
    """A condition for `workflows`: those of one key task."""
    return workflow.c.key_task == code


def touching(first: date, last: date) -> ColumnElement[bool]:
    """A condition for `workflows`: those whose period and a given one share a day."""
    return (workflow.c.opens_on <= last) & (workflow.c.last_on >= first)


def _key_tasks(connection: Connection, actor: Actor, condition: ColumnElement[bool]) -> tuple[KeyTaskRow, ...]:
    query = select(*(key_task.c[name] for name in KeyTaskRow.__slots__)).where(condition).order_by(key_task.c.position)
    return tuple(KeyTaskRow(**row._mapping) for row in connection.execute(visible(query, actor)))


def _workflows(actor: Actor) -> Any:
    return visible(select(*(workflow.c[name] for name in WorkflowRow.__slots__)), actor)
