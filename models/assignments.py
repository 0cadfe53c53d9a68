"""Statements on ad-hoc assignments: keeping one, finding it again, and what a repeated request had made."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, or_, select

from models.tables import assignment, journal_entry, plan_version, unit, workflow


def assignment_of(connection: Connection, version_id: int, code: str) -> RowMapping:
    """The assignment with the workflow code ``code`` in the plan of a version."""
    query = select(assignment).join(plan_version, plan_version.c.plan_id == assignment.c.plan_id)
    return connection.execute(query.where(plan_version.c.id == version_id, assignment.c.code == code)).mappings().one()


def how_many(connection: Connection, plan_id: int) -> int:
    """How many assignments were made under a plan."""
    return int(connection.execute(select(func.count()).select_from(assignment).where(assignment.c.plan_id == plan_id)).scalar_one())


def add(connection: Connection, values: dict[str, Any]) -> int:
    """Keep an assignment; its id."""
    return int(connection.execute(insert(assignment).returning(assignment.c.id), values).scalar_one())


def by_document(connection: Connection, plan_id: int, number: str, signed_on: date) -> list[RowMapping]:
    """id, version_id, key_task, code and confidential of the workflows that the same document assigned, oldest first."""
    columns = (workflow.c[name] for name in ("id", "version_id", "key_task", "code", "confidential"))
    query = select(*columns).join(assignment, assignment.c.id == workflow.c.assignment_id).order_by(workflow.c.id)
    same = (assignment.c.plan_id == plan_id, assignment.c.number == number, assignment.c.signed_on == signed_on)
    return list(connection.execute(query.where(*same)).mappings())


def made_under(connection: Connection, account_id: int, key: str) -> RowMapping | None:
    """stream and idem_hash of the journal entry that ``account_id`` made under an idempotency key."""
    query = select(journal_entry.c.stream, journal_entry.c.idem_hash)
    return (
        connection.execute(query.where(journal_entry.c.account_id == account_id, journal_entry.c.idem_key == key)).mappings().one_or_none()
    )


def units_on(connection: Connection, day: date) -> frozenset[str]:
    """The units that exist on ``day``."""
    return frozenset(connection.execute(select(unit.c.code).where(or_(unit.c.ends_on.is_(None), unit.c.ends_on > day))).scalars())
