"""Publishing a plan: its definition is frozen as version 1; its units, key tasks and days become rows.

Its cycles come into being with `services.open_cycles`.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.definition import PlanDefinition, Text
from engine.errors import Refused
from engine.facts import Fact
from engine.instants import Now
from engine.journal import canonical
from models import publishing as sql
from models import streams
from models.database import Database
from models.tables import group_member, key_task, plan, plan_version, unit, unit_name
from plans.codec import to_json
from services.journaling import entry
from services.unit_apply import name_row, unit_row
from services.unit_planning import plan_published
from services.working_days import record_published


def publish(db: Database, definition: PlanDefinition, *, now: Now, actor: Actor) -> int:
    """Publish ``definition``; the new plan's id. Raises Refused if a plan with its number is published already."""
    body = to_json(definition)
    digest = sha256(canonical(body).encode()).hexdigest()
    with db.write() as connection:
        if sql.plan_by_number(connection, definition.number) is not None:
            raise Refused(
                Text(f"Kế hoạch {definition.number} đã được công bố.", f"Plan {definition.number} is published already."),
                code="published",
                hint=Text("Dùng chức năng điều chỉnh kế hoạch.", "Amend the published plan."),
            )
        _groups_agree(connection, definition, now.today)
        add_units(connection, definition)
        plan_published(connection, definition, now=now, actor=actor)
        record_published(connection, definition.calendar, definition.number, now=now, actor=actor)
        plan_id = sql.add(connection, plan, _plan_row(definition, now))
        version = {"plan_id": plan_id, "version": 1, "digest": digest, "body": body, "created_at": now.system}
        version_id = sql.add(connection, plan_version, version)
        sql.set_version(connection, plan_id, version_id)
        sql.add_many(connection, key_task, key_task_rows(definition, plan_id))
        fact = Fact("plan.published", {"number": definition.number, "version": 1, "digest": digest})
        name = f"plan:{plan_id}"
        seq, head = streams.lock(connection, name)
        made = entry(name, seq + 1, head, actor=actor, action="publish", facts=(fact,), now=now)
        streams.append(connection, made)
    return plan_id


def _groups_agree(connection: Connection, definition: PlanDefinition, today: date) -> None:
    """A group belongs to the whole office: a plan that means other units by the code of one that exists would get steps for the wrong ones.

    Raises Refused naming the groups.
    """
    known = sql.known_groups(connection)
    other = [g.code for g in definition.groups if g.code in known and set(sql.members_of(connection, g.code, today)) != set(g.units)]
    if other:
        codes = ", ".join(other)
        raise Refused(
            Text(f"Nhóm {codes} đã có, với các đơn vị khác.", f"The group {codes} exists already, with other units."),
            code="group",
            hint=Text("Đặt mã khác cho nhóm này trong gói kế hoạch.", "Give the group another code in the plan pack."),
            field="groups",
        )


def _plan_row(definition: PlanDefinition, now: Now) -> dict[str, Any]:
    return {
        "number": definition.number,
        "title_vi": definition.title.vi,
        "title_en": definition.title.en,
        "issued_on": definition.issued_on,
        "from_on": definition.from_,
        "to_on": definition.to,
        "tracked_from": definition.tracked_from,
        "standing_agency": definition.standing_agency,
        "published_at": now.business,
    }


def key_task_rows(definition: PlanDefinition, plan_id: int) -> list[dict[str, Any]]:
    """The key tasks of ``definition`` as rows."""
    return [
        {"plan_id": plan_id, "code": k.code, "position": n, "title_vi": k.title.vi, "title_en": k.title.en, "lead": k.lead}
        for n, k in enumerate(definition.key_tasks)
    ]


def add_units(connection: Connection, definition: PlanDefinition) -> None:
    """Units of an earlier plan are kept as they are; a parent is inserted before its children."""
    known = sql.known_units(connection)
    new = [u for u in definition.units if u.code not in known]
    rows = [unit_row(u, n) for n, u in enumerate(definition.units) if u.code not in known]
    sql.add_many(connection, unit, sorted(rows, key=lambda r: _depth(definition, r["code"])))
    sql.add_many(connection, unit_name, [name_row(u.code, n) for u in new for n in u.names])
    sql.add_many(connection, group_member, _members(definition, sql.known_groups(connection)))


def _members(definition: PlanDefinition, known: set[str]) -> list[dict[str, Any]]:
    first = date(1900, 1, 1)
    return [
        {"group": g.code, "unit": u, "from_on": first, "until": None, "position": n}
        for g in definition.groups
        if g.code not in known
        for n, u in enumerate(g.units)
    ]


def _depth(definition: PlanDefinition, code: str) -> int:
    depth, parents = 0, {u.code: u.parent for u in definition.units}
    parent = parents.get(code)
    while parent is not None and depth < len(parents):
        depth, parent = depth + 1, parents.get(parent)
    return depth
