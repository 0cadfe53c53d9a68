"""When duties were last done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, inspect, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.tables import heartbeat


def beat(connection: Connection, name: str, at: datetime, business_at: datetime) -> None:
    """Note that ``name`` was done at ``at`` (system time)."""
    values = {"at": at, "business_at": business_at}
    quiet = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    connection.execute(quiet(heartbeat).values(name=name, **values).on_conflict_do_update(index_elements=["name"], set_=values))


def last(connection: Connection) -> dict[str, datetime]:
    """System time of the last of each."""
    return {row.name: row.at for row in connection.execute(select(heartbeat.c.name, heartbeat.c.at))}


def kept(connection: Connection) -> bool:
    """Whether the database's schema has them."""
    return inspect(connection).has_table(heartbeat.name)
