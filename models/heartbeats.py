"""When duties were last done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, inspect, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.tables import heartbeat


def beat(connection: Connection, name: str, at: datetime, business_at: datetime) -> None:
    """Note that ``name`` was done at ``at`` (system time)."""
    values = {"at": at, "business_at": business_at}
    connection.execute(_insert(connection, name, values).on_conflict_do_update(index_elements=["name"], set_=values))


def begin(connection: Connection, name: str, at: datetime, business_at: datetime) -> None:
    """Note that ``name`` was at ``at`` (system time), unless it has been before."""
    connection.execute(_insert(connection, name, {"at": at, "business_at": business_at}).on_conflict_do_nothing())


def _insert(connection: Connection, name: str, values: dict[str, datetime]) -> Any:
    quiet = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    return quiet(heartbeat).values(name=name, **values)


def last(connection: Connection) -> dict[str, datetime]:
    """System time of the last of each."""
    return {row.name: row.at for row in connection.execute(select(heartbeat.c.name, heartbeat.c.at))}


def kept(connection: Connection) -> bool:
    """Whether the database's schema has them."""
    return inspect(connection).has_table(heartbeat.name)
