"""The office's own days off and make-up days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from models.tables import calendar_day


def recorded(connection: Connection) -> Sequence[Row[Any]]:
    """Every row, by day."""
    return connection.execute(select(calendar_day).order_by(calendar_day.c.day)).all()
