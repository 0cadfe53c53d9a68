"""One unit: its names through time, and what it leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from engine.access import Actor
from models.reading.lines import StepRow, fetch, step_lines
from models.reading.marks import COUNTS, UNFINISHED, belongs_to_day
from models.reading.tallies import Period, in_period
from models.tables import step, unit, unit_name, workflow


def unit_row(connection: Connection, code: str) -> Row[Any] | None:
    """(code, official_code, parent, ends_on) of a unit, or None."""
    query: Select[Any] = select(unit.c.code, unit.c.official_code, unit.c.parent, unit.c.ends_on).where(unit.c.code == code)
    return connection.execute(query).one_or_none()


def names(connection: Connection, code: str) -> Sequence[Row[Any]]:
    """Every name that the unit has borne, oldest first."""
    return connection.execute(select(unit_name).where(unit_name.c.unit == code).order_by(unit_name.c.from_on)).all()


def unfinished(connection: Connection, actor: Actor, code: str, limit: int) -> tuple[StepRow, ...]:
    """What the unit leads and has not finished, overdue first, then by date."""
    day = func.coalesce(step.c.due_on, step.c.planned_on)
    query = step_lines(actor).where(UNFINISHED, step.c.lead == code).order_by(step.c.due_at.nulls_last(), day.nulls_last(), step.c.id)
    return fetch(connection, query.limit(limit))


def of_key_task(
    connection: Connection, actor: Actor, code: str, plan_id: int, key_task: str, period: Period, limit: int
) -> tuple[StepRow, ...]:
    """What the unit leads of one key task in a period, and what earlier ones left undone: the steps behind a cell of the heat map."""
    query = step_lines(actor).where(
        COUNTS, step.c.lead == code, workflow.c.plan_id == plan_id, workflow.c.key_task == key_task, in_period(period)
    )
    return fetch(connection, query.order_by(belongs_to_day(), step.c.id).limit(limit))
