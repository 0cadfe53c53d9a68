"""Statements on changes of units: recording them, and bringing units, groups, people and workflows to where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Insert, RowMapping, Table, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.steps import UNFINISHED
from models.tables import (
    account,
    deputy,
    group_member,
    key_task,
    membership,
    participation,
    plan,
    plan_version,
    step,
    unit,
    unit_change,
    unit_name,
    unit_succession,
    workflow,
)  # fmt: skip

PLANNED, APPLIED, WITHDRAWN = "planned", "applied", "withdrawn"


def by_key(connection: Connection, key: str) -> RowMapping | None:
    """The change recorded under ``key``."""
    return connection.execute(select(unit_change).where(unit_change.c.key == key)).mappings().one_or_none()


def by_id(connection: Connection, change_id: int) -> RowMapping | None:
    """A change, with the name of who recorded it."""
    query = select(unit_change, account.c.name.label("who")).join(account, account.c.id == unit_change.c.account_id, isouter=True)
    return connection.execute(query.where(unit_change.c.id == change_id)).mappings().one_or_none()


def by_number(connection: Connection, number: int) -> RowMapping:
    """The change that was applied as ``number``."""
    return connection.execute(select(unit_change).where(unit_change.c.number == number)).mappings().one()


def every(connection: Connection) -> list[RowMapping]:
    """All changes, the latest day first, with the name of who recorded each."""
    query = select(unit_change, account.c.name.label("who")).join(account, account.c.id == unit_change.c.account_id, isouter=True)
    return list(connection.execute(query.order_by(unit_change.c.effective_on.desc(), unit_change.c.id.desc())).mappings())


def planned(connection: Connection) -> list[RowMapping]:
    """Changes that are still to come, in their order."""
    query = select(unit_change).where(unit_change.c.state == PLANNED).order_by(unit_change.c.effective_on, unit_change.c.id)
    return list(connection.execute(query).mappings())


def applied(connection: Connection) -> list[RowMapping]:
    """Changes that are in force, in their order."""
    query = select(unit_change).where(unit_change.c.state == APPLIED).order_by(unit_change.c.number)
    return list(connection.execute(query).mappings())


def to_settle(connection: Connection, today: date) -> bool:
    """Whether a change is due, is not followed everywhere yet, or unknown to a version in use. Every sweep asks, so it is one look."""
    last = select(func.coalesce(func.max(unit_change.c.number), 0)).scalar_subquery()
    coming = exists().where(unit_change.c.state == PLANNED, unit_change.c.effective_on <= today)
    running = exists().where(unit_change.c.state == APPLIED, unit_change.c.finished_at.is_(None))
    used = or_(*(exists().where(table.c.version_id == plan_version.c.id) for table in (plan, workflow)))
    behind = exists().where(plan_version.c.succession < last, used)
    return bool(connection.execute(select(or_(coming, running, behind))).scalar_one())


def due(connection: Connection, today: date) -> list[int]:
    """The ids of planned changes whose day has come, in their order."""
    return [row["id"] for row in planned(connection) if row["effective_on"] <= today]


def last_number(connection: Connection) -> int:
    """How many changes were applied."""
    return int(connection.execute(select(func.coalesce(func.max(unit_change.c.number), 0))).scalar_one())


def last_day(connection: Connection) -> date | None:
    """The day of the latest change that was applied."""
    query = select(func.max(unit_change.c.effective_on)).where(unit_change.c.state == APPLIED)
    found: date | None = connection.execute(query).scalar_one()
    return found


def add(connection: Connection, values: dict[str, Any]) -> int:
    """Record a change; its id."""
    return int(connection.execute(insert(unit_change).returning(unit_change.c.id), values).scalar_one())


def set_state(connection: Connection, change_id: int, values: dict[str, Any]) -> None:
    """Write ``values`` to a change."""
    connection.execute(update(unit_change).where(unit_change.c.id == change_id).values(values))


def count_moved(connection: Connection, number: int, steps: int) -> None:
    """``steps`` more have another lead by the change ``number``."""
    moved = unit_change.c.moved + steps
    connection.execute(update(unit_change).where(unit_change.c.number == number).values(moved=moved))


def finish(connection: Connection, at: datetime) -> None:
    """Every workflow has followed what was applied."""
    open_ones = (unit_change.c.state == APPLIED) & unit_change.c.finished_at.is_(None)
    connection.execute(update(unit_change).where(open_ones).values(finished_at=at))


# ── versions of plans ───────────────────────────────────────────────────────


def versions_behind(connection: Connection, number: int) -> list[RowMapping]:
    """Versions that plans or workflows use although they do not account for ``number`` changes; the plans' own last."""
    used = select(workflow.c.version_id).union(select(plan.c.version_id))
    mine = select(plan.c.id).where(plan.c.version_id == plan_version.c.id).exists()
    query = select(plan_version.c.id, plan_version.c.plan_id, plan_version.c.succession).where(
        plan_version.c.id.in_(used), plan_version.c.succession < number
    )
    return list(connection.execute(query.order_by(mine, plan_version.c.id)).mappings())


def next_version(connection: Connection, version_id: int) -> RowMapping | None:
    """(id, succession) of the version that takes the place of ``version_id``."""
    query = select(plan_version.c.id, plan_version.c.succession).where(plan_version.c.based_on == version_id)
    return connection.execute(query).mappings().one_or_none()


def changes_of(connection: Connection, version_id: int) -> list[dict[str, Any]]:
    """The changes that a version accounts for, in their order."""
    known = select(plan_version.c.succession).where(plan_version.c.id == version_id).scalar_subquery()
    query = select(unit_change.c.body).where(unit_change.c.number <= known).order_by(unit_change.c.number)
    return list(connection.execute(query).scalars())


def highest_version(connection: Connection, plan_id: int) -> int:
    """The highest version number of a plan."""
    return int(connection.execute(select(func.max(plan_version.c.version)).where(plan_version.c.plan_id == plan_id)).scalar_one())


def plan_uses(connection: Connection, plan_id: int, version_id: int) -> bool:
    """Whether ``version_id`` is the version in force of the plan."""
    return connection.execute(select(plan.c.id).where(plan.c.id == plan_id, plan.c.version_id == version_id)).first() is not None


def workflows_of(connection: Connection, version_ids: Iterable[int]) -> list[int]:
    """The workflows that run by these versions, by id."""
    query = select(workflow.c.id).where(workflow.c.version_id.in_(sorted(version_ids))).order_by(workflow.c.id)
    return list(connection.execute(query).scalars())


def place_of(connection: Connection, workflow_id: int) -> RowMapping:
    """(lead, plan_id) of a workflow."""
    return connection.execute(select(workflow.c.lead, workflow.c.plan_id).where(workflow.c.id == workflow_id)).mappings().one()


# ── units, groups, people ───────────────────────────────────────────────────


def unit_rows(connection: Connection) -> list[RowMapping]:
    """Every unit."""
    return list(connection.execute(select(unit).order_by(unit.c.position, unit.c.code)).mappings())


def name_rows(connection: Connection) -> list[RowMapping]:
    """Every name of every unit, oldest first."""
    return list(connection.execute(select(unit_name).order_by(unit_name.c.unit, unit_name.c.from_on)).mappings())


def successions(connection: Connection) -> list[RowMapping]:
    """Who took on what from whom, the default successor first."""
    order = (unit_succession.c.unit, unit_succession.c.position)
    return list(connection.execute(select(unit_succession).order_by(*order)).mappings())


def put_name(connection: Connection, row: dict[str, Any]) -> None:
    """A name from a day on; one that was to begin on that day gives way."""
    same = (unit_name.c.unit == row["unit"]) & (unit_name.c.from_on == row["from_on"])
    connection.execute(delete(unit_name).where(same))
    connection.execute(insert(unit_name), row)


def change_unit(connection: Connection, code: str, values: dict[str, Any]) -> None:
    """Write ``values`` to a unit."""
    connection.execute(update(unit).where(unit.c.code == code).values(values))


def add_successors(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep who takes on what."""
    if rows:
        connection.execute(insert(unit_succession), list(rows))


def places_in_groups(connection: Connection, code: str, on: date) -> list[RowMapping]:
    """The groups that a unit is a member of on the day ``on``."""
    members = group_member.c
    query = select(group_member).where(members.unit == code, members.from_on <= on, or_(members.until.is_(None), members.until > on))
    return list(connection.execute(query.order_by(members.group)).mappings())


def hand_over_group(connection: Connection, place: RowMapping, successors: Sequence[str], on: date) -> None:
    """End a unit's place in a group on ``on``; its successors take it, where they are not members already."""
    same = (group_member.c.group == place["group"]) & (group_member.c.unit == place["unit"]) & (group_member.c.from_on == place["from_on"])
    connection.execute(update(group_member).where(same).values(until=on))
    known = {code for code in successors if any(row["group"] == place["group"] for row in places_in_groups(connection, code, on))}
    rows = [
        {"group": place["group"], "unit": code, "from_on": on, "until": None, "position": place["position"]}
        for code in successors
        if code not in known
    ]
    if rows:
        connection.execute(insert(group_member), rows)


def people_of(connection: Connection, codes: Iterable[str]) -> list[RowMapping]:
    """(account_id, unit, role, name, address) of everybody in the units."""
    query = (
        select(membership, account.c.name, account.c.address)
        .join(account, account.c.id == membership.c.account_id)
        .where(membership.c.unit.in_(sorted(codes)), account.c.active.is_(True))
        .order_by(membership.c.unit, membership.c.account_id)
    )
    return list(connection.execute(query).mappings())


def open_steps_of(connection: Connection, codes: Iterable[str]) -> dict[str, int]:
    """How many unfinished steps each of the units leads."""
    query = select(step.c.lead, func.count().label("number")).where(UNFINISHED, step.c.lead.in_(sorted(codes))).group_by(step.c.lead)
    return {row.lead: row.number for row in connection.execute(query)}


def hand_over_people(connection: Connection, code: str, successor: str) -> None:
    """Everybody of ``code`` belongs to ``successor``, in the same role unless they have one there already; so do their deputies."""
    mine = select(membership.c.account_id, literal(successor), membership.c.role).where(membership.c.unit == code)
    connection.execute(_or_nothing(connection, membership).from_select(["account_id", "unit", "role"], mine).on_conflict_do_nothing())
    connection.execute(delete(membership).where(membership.c.unit == code))
    connection.execute(update(deputy).where(deputy.c.unit == code).values(unit=successor))


def follow_in_plans(connection: Connection, code: str, successor: str) -> None:
    """Plans and key tasks that name ``code`` name its successor."""
    connection.execute(update(plan).where(plan.c.standing_agency == code).values(standing_agency=successor))
    connection.execute(update(key_task).where(key_task.c.lead == code).values(lead=successor))


def hand_over_reading(connection: Connection, workflow_id: int, code: str, successor: str) -> None:
    """What ``code`` may read in a workflow, its successor may read, its past included."""
    columns = ["unit", "step_id", "relation", "workflow_id"]
    mine = select(literal(successor), participation.c.step_id, participation.c.relation, participation.c.workflow_id).where(
        participation.c.workflow_id == workflow_id, participation.c.unit == code
    )
    connection.execute(_or_nothing(connection, participation).from_select(columns, mine).on_conflict_do_nothing())


def _or_nothing(connection: Connection, table: Table) -> Any:
    made: Insert = (postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert)(table)
    return made
