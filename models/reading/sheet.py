"""What a hand-over sheet adds to the lines of open steps: drafts, contacts, files, the last submission."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from engine.access import Actor
from models.reading.lines import StepRow, fetch, step_lines
from models.reading.marks import UNFINISHED
from models.tables import account, attachment, round_, step
from models.visible import visible

MOST = 500
_handler = account.alias("handler")


def open_steps(connection: Connection, viewer: Actor, units: Collection[str], account_id: int) -> tuple[StepRow, ...]:
    """Unfinished steps that the person has taken on or handles, or that their units lead and nobody has taken on; the most urgent first."""
    led = and_(step.c.lead.in_(sorted(units)), step.c.accepted_by.is_(None))
    day = func.coalesce(step.c.due_on, step.c.planned_on)
    query = step_lines(viewer).where(UNFINISHED, or_(step.c.accepted_by == account_id, step.c.handler == account_id, led))
    return fetch(connection, query.order_by(day.nulls_last(), step.c.id).limit(MOST))


def drafts(connection: Connection, viewer: Actor, ids: Collection[int]) -> dict[int, Row[Any]]:
    """id, draft, contact and handler (their names) of steps."""
    query: Select[Any] = select(step.c.id, step.c.draft, account.c.name.label("contact"), _handler.c.name.label("handler"))
    query = query.join_from(step, account, account.c.id == step.c.accepted_by, isouter=True)
    query = query.join(_handler, _handler.c.id == step.c.handler, isouter=True).where(step.c.id.in_(sorted(ids)))
    return {row.id: row for row in connection.execute(visible(query, viewer))}


def files(connection: Connection, viewer: Actor, ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The stored files by step, oldest first."""
    found: dict[int, list[Row[Any]]] = {}
    query = select(attachment).where(attachment.c.step_id.in_(sorted(ids))).order_by(attachment.c.id)
    for row in connection.execute(visible(query, viewer)):
        found.setdefault(row.step_id, []).append(row)
    return found


def last_rounds(connection: Connection, viewer: Actor, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What was last handed in, by step."""
    query = select(round_.c.step_id, round_.c.body).where(round_.c.step_id.in_(sorted(ids))).order_by(round_.c.number)
    rows: Sequence[Row[Any]] = connection.execute(visible(query, viewer)).all()
    return {row.step_id: row.body for row in rows}
