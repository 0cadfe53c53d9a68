"""Statements on the office's calendar: its days, and the changes that were made to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, delete, func, insert, or_, select, update

from models.tables import account, calendar_change, calendar_day, plan

ADOPTED = "adopted"


def state(connection: Connection) -> tuple[int, int]:
    """(number of the last change, number of days): as long as both stay, so does the calendar."""
    last = select(func.coalesce(func.max(calendar_change.c.id), 0)).scalar_subquery()
    row = connection.execute(select(last.label("last"), func.count().label("days")).select_from(calendar_day)).one()
    return int(row.last), int(row.days)


def is_kept(connection: Connection) -> bool:
    """Whether the office keeps its own calendar: what a library proposes counts no longer."""
    query = select(calendar_change.c.id).where(calendar_change.c.kind == ADOPTED).limit(1)
    return connection.execute(query).first() is not None


def days(connection: Connection) -> Sequence[Row[Any]]:
    """Every recorded day, in order, with ``changed_at``: the business time of the change that wrote it."""
    query = select(calendar_day, calendar_change.c.business_at.label("changed_at")).join_from(
        calendar_day, calendar_change, calendar_change.c.id == calendar_day.c.change_id, isouter=True
    )
    return connection.execute(query.order_by(calendar_day.c.day)).all()


def put_days(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Record days; one that is there is replaced."""
    drop_days(connection, (row["day"] for row in rows))
    if rows:
        connection.execute(insert(calendar_day), rows)


def drop_days(connection: Connection, which: Iterable[date]) -> None:
    """Forget days."""
    connection.execute(delete(calendar_day).where(calendar_day.c.day.in_(sorted(which))))


def add_change(connection: Connection, values: dict[str, Any]) -> int:
    """Add a change; its number."""
    return int(connection.execute(insert(calendar_change).returning(calendar_change.c.id), values).scalar_one())


def change_by_key(connection: Connection, key: str) -> RowMapping | None:
    """The change that was made under ``key``."""
    return connection.execute(select(calendar_change).where(calendar_change.c.key == key)).mappings().one_or_none()


def to_settle(connection: Connection, finished_after: datetime) -> list[RowMapping]:
    """Changes whose dates have not all been looked at, or were so only after ``finished_after``; oldest first."""
    finished = calendar_change.c.finished_at
    query = select(calendar_change).where(or_(finished.is_(None), finished > finished_after)).order_by(calendar_change.c.id)
    return list(connection.execute(query).mappings())


def count_moved(connection: Connection, change_id: int, number: int) -> None:
    """``number`` more dates were moved by the change."""
    moved = calendar_change.c.moved + number
    connection.execute(update(calendar_change).where(calendar_change.c.id == change_id).values(moved=moved))


def finish(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Every date has been looked at for the changes ``ids``."""
    unfinished = calendar_change.c.finished_at.is_(None)
    connection.execute(update(calendar_change).where(calendar_change.c.id.in_(ids), unfinished).values(finished_at=at))


def changes(connection: Connection, limit: int) -> Sequence[Row[Any]]:
    """The latest changes, newest first, with the name of who made them."""
    query = (
        select(calendar_change, account.c.name.label("who"))
        .join_from(calendar_change, account, account.c.id == calendar_change.c.account_id, isouter=True)
        .order_by(calendar_change.c.id.desc())
        .limit(limit)
    )
    return connection.execute(query).all()


def first_issue(connection: Connection) -> date | None:
    """The day on which the oldest published plan was issued; None while there is none."""
    return connection.execute(select(func.min(plan.c.issued_on))).scalar_one_or_none()
