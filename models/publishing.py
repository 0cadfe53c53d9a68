"""Statements for publishing a plan and for bringing its cycles into being."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, insert, or_, select, update

from models.tables import group_member, key_task, participation, plan, plan_version, step, unit, workflow


def body_of_version(connection: Connection, version_id: int) -> dict[str, Any]:
    """The stored definition of a version."""
    found: dict[str, Any] = connection.execute(select(plan_version.c.body).where(plan_version.c.id == version_id)).scalar_one()
    return found


def plan_by_number(connection: Connection, number: str) -> int | None:
    """The id of the plan with ``number``."""
    return connection.execute(select(plan.c.id).where(plan.c.number == number)).scalar_one_or_none()


def published_plans(connection: Connection) -> list[RowMapping]:
    """Every plan in force."""
    return list(connection.execute(select(plan).order_by(plan.c.id)).mappings())


def version_row(connection: Connection, plan_id: int, number: int | None) -> RowMapping | None:
    """(id, version) of version ``number`` of a plan, or of the one in force (None)."""
    query = select(plan_version.c.id, plan_version.c.version).where(plan_version.c.plan_id == plan_id)
    if number is None:
        query = query.join(plan, plan.c.version_id == plan_version.c.id)
    else:
        query = query.where(plan_version.c.version == number)
    return connection.execute(query).mappings().one_or_none()


def add(connection: Connection, table: Table, values: dict[str, Any]) -> int:
    """Insert one row; its id."""
    key = connection.execute(insert(table).returning(table.c.id), values).scalar_one()
    return int(key)


def add_many(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows in one round."""
    if rows:
        connection.execute(insert(table), rows)


def set_version(connection: Connection, plan_id: int, version_id: int) -> None:
    """Put a version into force."""
    connection.execute(update(plan).where(plan.c.id == plan_id).values(version_id=version_id))


def change_plan(connection: Connection, plan_id: int, values: dict[str, Any]) -> None:
    """Write new values to a plan's row."""
    connection.execute(update(plan).where(plan.c.id == plan_id).values(values))


def key_tasks_of(connection: Connection, plan_id: int) -> list[str]:
    """The codes of a plan's key tasks."""
    return list(connection.execute(select(key_task.c.code).where(key_task.c.plan_id == plan_id).order_by(key_task.c.position)).scalars())


def put_key_task(connection: Connection, row: dict[str, Any], *, new: bool) -> None:
    """Add a key task, or write its values anew."""
    if new:
        connection.execute(insert(key_task), row)
    else:
        own = (key_task.c.plan_id == row["plan_id"], key_task.c.code == row["code"])
        connection.execute(update(key_task).where(*own).values(row))


def drop_unused_key_tasks(connection: Connection, plan_id: int, codes: list[str]) -> None:
    """Delete key tasks that no workflow belongs to."""
    used = select(workflow.c.id).where(workflow.c.plan_id == plan_id, workflow.c.key_task == key_task.c.code).exists()
    connection.execute(delete(key_task).where(key_task.c.plan_id == plan_id, key_task.c.code.in_(codes), ~used))


def known_units(connection: Connection) -> set[str]:
    """The codes of all units that exist."""
    return set(connection.execute(select(unit.c.code)).scalars())


def members_of(connection: Connection, group: str, on: date) -> tuple[str, ...]:
    """The units of ``group`` as it is on a day, in the group's fixed order."""
    query = (
        select(group_member.c.unit)
        .join(unit, unit.c.code == group_member.c.unit)
        .where(
            group_member.c.group == group,
            group_member.c.from_on <= on,
            or_(group_member.c.until.is_(None), group_member.c.until > on),
            or_(unit.c.ends_on.is_(None), unit.c.ends_on > on),
        )
        .order_by(group_member.c.position, group_member.c.unit)
    )
    return tuple(connection.execute(query).scalars())


def existing_cycles(connection: Connection, plan_id: int) -> set[tuple[str, str, str]]:
    """(key task, workflow code, cycle) of every workflow of the plan."""
    query = select(workflow.c.key_task, workflow.c.code, workflow.c.cycle).where(workflow.c.plan_id == plan_id)
    return {(row.key_task, row.code, row.cycle) for row in connection.execute(query)}


def open_places(connection: Connection) -> set[tuple[str, str, str, str, str]]:
    """(key task, workflow code, cycle, step code, slot) of every open step."""
    query = select(workflow.c.key_task, workflow.c.code, workflow.c.cycle, step.c.code.label("step"), step.c.slot)
    rows = connection.execute(query.join(step, step.c.workflow_id == workflow.c.id).where(step.c.status == "open"))
    return {(row.key_task, row.code, row.cycle, row.step, row.slot) for row in rows}


def add_steps(connection: Connection, rows: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    """Insert steps; (id, code, slot) of each."""
    statement = insert(step).returning(step.c.id, step.c.code, step.c.slot)
    return [(row.id, row.code, row.slot) for row in connection.execute(statement, rows)]


def add_participations(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Insert who may read which steps in full; duplicates in ``rows`` count once."""
    unique = {(r["unit"], r["step_id"], r["relation"]): r for r in rows}
    if unique:
        connection.execute(insert(participation), list(unique.values()))


def known_groups(connection: Connection) -> set[str]:
    """The codes of all groups that exist."""
    return set(connection.execute(select(group_member.c.group).distinct()).scalars())
