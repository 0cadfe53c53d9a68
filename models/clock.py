"""Statements on the simulated clock's one row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from models.tables import clock


def read(connection: Connection) -> Row[Any] | None:
    """The row (id, at, target), or None."""
    return connection.execute(select(clock)).one_or_none()


def create(connection: Connection, at: datetime) -> None:
    """Make the row if there is none."""
    if read(connection) is None:
        connection.execute(insert(clock), {"id": 1, "at": at, "target": at})


def set_target(connection: Connection, target: datetime) -> None:
    """Write where the clock shall go."""
    connection.execute(update(clock).values(target=target))


def advance(connection: Connection, at: datetime) -> None:
    """Move forward, never back."""
    connection.execute(update(clock).where(clock.c.at < at).values(at=at))
