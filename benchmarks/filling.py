"""Large databases made by copying one workflow with SQL: what is measured there is reading, so the copies need no journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, cast, insert, literal, null, select, text
from sqlalchemy import String as Characters

from benchmarks.plans import DAY, opened
from engine.instants import end_of_day, start_of_day
from models.database import Database
from models.tables import participation, step, workflow
from services.sweep import sweep
from tests.factories import CALENDAR, at

UNITS = 11
FIRST_COPY = 1_000_000  # ids of copies start here


def filled(db: Database, *, steps: int, crossing: int | None = None) -> None:
    """Copy a workflow of eleven units until there are about so many steps.

    Without ``crossing`` nine of ten copies are done, the tenth is overdue since some day of the last month. With it all are open and
    within their date, but for so many that become overdue at `benchmarks.plans.DAY`.
    """
    template = opened(db, units=UNITS, workflows=1)[0]
    sweep(db, now=at(DAY), calendar=CALENDAR)
    copies = steps // (UNITS + 1)
    with db.write() as connection:
        numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
        numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < copies))
        n: ColumnElement[int] = numbers.c.n
        made = {"id": FIRST_COPY + n, "cycle": _month(n), "woken": workflow.c.wake}
        _copy(connection, workflow, workflow.c.id == template, numbers, made)
        places = step.c.position + n * (UNITS + 1)
        values = _stored(n) if crossing is None else _open(places, crossing)
        values |= {"id": FIRST_COPY + places, "workflow_id": FIRST_COPY + n}
        _copy(connection, step, step.c.workflow_id == template, numbers, values)
        _copy_participations(connection, template, numbers, places)
    _analyse(db)


def _month(n: ColumnElement[int]) -> ColumnElement[str]:
    """The cycle of a copy: a month of its own, for centuries to come."""
    month = n % 12 + 1
    padded = case((month < 10, "0" + cast(month, Characters)), else_=cast(month, Characters))
    return cast(DAY.year + 1 + n // 12, Characters) + "-" + padded


def _copy(connection: Connection, table: Any, which: ColumnElement[bool], numbers: Any, made: Mapping[str, Any]) -> None:
    columns = [made.get(c.name, c) for c in table.c]
    rows = select(*columns).select_from(table.join(numbers, literal(True))).where(which)
    connection.execute(insert(table).from_select([c.name for c in table.c], rows))


def _copy_participations(connection: Connection, template: int, numbers: Any, places: ColumnElement[int]) -> None:
    """Who may read the copies: the units of the copied steps."""
    joined = participation.join(step, step.c.id == participation.c.step_id).join(numbers, literal(True))
    columns = [participation.c.unit, FIRST_COPY + places, participation.c.relation, FIRST_COPY + numbers.c.n]
    rows = select(*columns).select_from(joined).where(participation.c.workflow_id == template)
    connection.execute(insert(participation).from_select(["unit", "step_id", "relation", "workflow_id"], rows))


def _stored(n: ColumnElement[int]) -> dict[str, Any]:
    days = [DAY - timedelta(days=back) for back in range(1, 31)]
    late = n % 10 == 0
    return {
        "status": case((late, "open"), else_="done"),
        "due_on": _by_turns(n, days, step.c.due_on),
        "due_at": case((late, _by_turns(n, [end_of_day(d) for d in days], step.c.due_at)), else_=None),
        "soon_at": null(),
        "next_rung_at": null(),
    }


def _open(place: ColumnElement[int], crossing: int) -> dict[str, Any]:
    soon = end_of_day(DAY + timedelta(days=300))
    crosses = place < crossing + UNITS + 1
    at = literal(start_of_day(DAY), step.c.due_at.type)
    later = literal(soon, step.c.due_at.type)
    return {
        "status": literal("open"),
        "due_on": case((crosses, literal(DAY - timedelta(days=1), step.c.due_on.type)), else_=literal(DAY, step.c.due_on.type)),
        "due_at": case((crosses, at), else_=later),
        "soon_at": case((crosses, at), else_=later),
        "next_rung_at": case((crosses, at), else_=later),
    }


def _by_turns(n: ColumnElement[int], values: list[Any], like: ColumnElement[Any]) -> ColumnElement[Any]:
    return case(*((n // 10 % len(values) == turn, literal(value, like.type)) for turn, value in enumerate(values)), else_=like)


def _analyse(db: Database) -> None:
    """Let the database know what there is now, as its own housekeeping would within minutes."""
    if db.sqlite:
        db.gather_statistics()
    else:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:  # it runs in no transaction
            connection.execute(text("VACUUM (ANALYZE)"))
