"""The rows that follow a plan's version: the plan's own, its key tasks, units and groups that are new."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.definition import PlanDefinition
from models import publishing as sql
from services.publish import add_units, key_task_rows


def follow(connection: Connection, plan_id: int, version_id: int, new: PlanDefinition) -> None:
    """Put ``version_id`` (``new``) into force. A key task that is gone keeps its row as long as workflows of it exist."""
    add_units(connection, new)
    values = {"version_id": version_id, "title_vi": new.title.vi, "title_en": new.title.en, "to_on": new.to}
    sql.change_plan(connection, plan_id, values)
    rows = key_task_rows(new, plan_id)
    known = sql.key_tasks_of(connection, plan_id)
    for row in rows:
        sql.put_key_task(connection, row, new=row["code"] not in known)
    kept = {row["code"] for row in rows}
    sql.drop_unused_key_tasks(connection, plan_id, [code for code in known if code not in kept])
