"""Statements of closing a cycle and of taking that back: all steps of a workflow at once, under its lock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, case, func, select, update

from engine.statuses import PASSED
from engine.step_state import FIELDS
from models.steps import UNFINISHED
from models.tables import journal_entry, step, workflow

_STEP = (*(step.c[name] for name in FIELDS), step.c.workflow_id, step.c.planned_on)


def workflow_row(connection: Connection, workflow_id: int) -> RowMapping | None:
    """The whole row, without locking it."""
    return connection.execute(select(workflow).where(workflow.c.id == workflow_id)).mappings().one_or_none()


def is_closed(connection: Connection, workflow_id: int) -> bool:
    """Whether its cycle was closed. Read under the workflow's lock where it matters."""
    return connection.execute(select(workflow.c.closed_at).where(workflow.c.id == workflow_id)).scalar_one() is not None


def open_steps(connection: Connection, workflow_ids: Collection[int]) -> list[RowMapping]:
    """The steps of workflows that are not passed and not closed, in their fixed order, with the columns of a `StepState`."""
    query = select(*_STEP).where(step.c.workflow_id.in_(workflow_ids), UNFINISHED)
    return list(connection.execute(query.order_by(step.c.workflow_id, step.c.position, step.c.id)).mappings())


def left_steps(connection: Connection, workflow_id: int) -> list[RowMapping]:
    """The steps that were left unfinished when the workflow was closed."""
    query = select(*_STEP).where(step.c.workflow_id == workflow_id, step.c.closed_on.is_not(None), step.c.status.not_in(sorted(PASSED)))
    return list(connection.execute(query.order_by(step.c.position, step.c.id)).mappings())


def next_cycle_steps(connection: Connection, row: Any) -> dict[tuple[str, str], int]:
    """(code, slot) → id of the open steps of the workflow that follows ``row``'s: the next cycle of the same part."""
    same = (workflow.c.plan_id == row["plan_id"], workflow.c.key_task == row["key_task"], workflow.c.code == row["code"])
    following = (
        select(workflow.c.id).where(*same, workflow.c.first_on > row["first_on"], workflow.c.closed_at.is_(None))
        .order_by(workflow.c.first_on).limit(1).scalar_subquery()
    )  # fmt: skip
    query = select(step.c.id, step.c.code, step.c.slot).where(step.c.workflow_id == following, UNFINISHED)
    return {(found.code, found.slot): found.id for found in connection.execute(query)}


def opened_by_closing(connection: Connection, workflow_id: int) -> list[str]:
    """The codes of the steps that the workflow's last closing opened."""
    closing = journal_entry.c.stream == f"workflow:{workflow_id}", journal_entry.c.action == "close-cycle"
    last = select(func.max(journal_entry.c.seq)).where(*closing).scalar_subquery()
    query = select(step.c.code).where(step.c.workflow_id == workflow_id, step.c.opened_seq == last).distinct()
    return sorted(connection.execute(query).scalars())


def close_steps(connection: Connection, workflow_id: int, on: date, *, unless: Collection[int]) -> None:
    """Close every step of the workflow but those of ``unless``: no clock runs, and what was not late by ``on`` never will be."""
    late = and_(step.c.due_on < on, step.c.due_at.is_not(None))
    values = {
        "closed_on": on, "next_rung_at": None, "clock_holder": None, "soon_at": None, "version": step.c.version + 1,
        "due_at": case((late, step.c.due_at), else_=None),
    }  # fmt: skip
    connection.execute(update(step).where(step.c.workflow_id == workflow_id, step.c.id.not_in(sorted(unless))).values(values))


def open_again(connection: Connection, workflow_id: int) -> None:
    """Take the closing mark from every step of the workflow."""
    marked = (step.c.workflow_id == workflow_id, step.c.closed_on.is_not(None))
    connection.execute(update(step).where(*marked).values(closed_on=None, version=step.c.version + 1))


def of_year(connection: Connection, plan_id: int, first: date, last: date) -> list[RowMapping]:
    """The workflows of a plan whose cycle begins from ``first`` to ``last``, in a fixed order."""
    begins = (workflow.c.plan_id == plan_id, workflow.c.first_on >= first, workflow.c.first_on <= last)
    return list(connection.execute(select(workflow).where(*begins).order_by(workflow.c.first_on, workflow.c.id)).mappings())


def made_under(connection: Connection, account_id: int, key: str) -> RowMapping | None:
    """stream, body and idem_hash of the journal entry that ``account_id`` made under an idempotency key."""
    query = select(journal_entry.c.stream, journal_entry.c.body, journal_entry.c.idem_hash)
    found = connection.execute(query.where(journal_entry.c.account_id == account_id, journal_entry.c.idem_key == key))
    return found.mappings().one_or_none()
