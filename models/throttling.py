"""Statements for counting failures to sign in. The table stays small: old rows go, and more than `MOST` are never kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.tables import throttle

MOST = 20_000


def locked(connection: Connection, keys: Collection[str], at: datetime) -> Sequence[Row[Any]]:
    """The rows of ``keys``, made where they are missing, which nobody else changes until the transaction ends."""
    quiet = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    blank = [{"key": key, "failures": 0, "until": at, "at": at} for key in sorted(keys)]
    connection.execute(quiet(throttle).on_conflict_do_nothing(), blank)
    query = select(throttle).where(throttle.c.key.in_(sorted(keys))).order_by(throttle.c.key)
    return connection.execute(query.with_for_update()).all()


def count(connection: Connection, key: str, failures: int, until: datetime, at: datetime) -> None:
    """One more failure."""
    connection.execute(update(throttle).where(throttle.c.key == key).values(failures=failures, until=until, at=at))


def forget(connection: Connection, keys: Collection[str]) -> None:
    """Nothing is counted for these any more."""
    connection.execute(delete(throttle).where(throttle.c.key.in_(sorted(keys))))


def take_back(connection: Connection, keys: Collection[str], at: datetime) -> None:
    """The last try of these was no failure after all."""
    one_less = case((throttle.c.failures > 0, throttle.c.failures - 1), else_=0)
    connection.execute(update(throttle).where(throttle.c.key.in_(sorted(keys))).values(failures=one_less, until=at))


def sweep(connection: Connection, before: datetime) -> None:
    """Forget what failed last before ``before``, and the oldest of more than `MOST`."""
    connection.execute(delete(throttle).where(throttle.c.at < before))
    beyond = select(throttle.c.at).order_by(throttle.c.at.desc()).offset(MOST).limit(1)
    oldest = connection.execute(beyond).scalar_one_or_none()
    if oldest is not None:
        connection.execute(delete(throttle).where(throttle.c.at <= oldest))
