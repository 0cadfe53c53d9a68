"""What reading costs PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, event, text

from models.database import Database
from models.reading.overdue import Wanted, how_many
from tests.factories import at
from tests.services.foreign import SUPERVISOR

pytestmark = pytest.mark.postgres


def test_what_is_overdue_is_counted_in_the_index_alone(postgres: Database) -> None:
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    with postgres.read() as connection:
        event.listen(connection, "before_cursor_execute", note)
        how_many(connection, SUPERVISOR, Wanted(), at(date(2024, 12, 2)).business)
    statement, parameters = said[0]
    with postgres.write() as connection:
        connection.execute(text("DROP INDEX ix_step_lead_due, ix_step_approval_due, ix_step_rung"))  # an empty table is cheap by any
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
    assert "Index Only Scan using ix_step_due" in plan


def standing(connection: Connection) -> TransactionStatus:
    """Whether a transaction is open once something was read."""
    connection.execute(text("SELECT 1"))
    driver: Any = connection.connection.driver_connection
    return TransactionStatus(driver.info.transaction_status)


def test_reading_opens_no_transaction(postgres: Database) -> None:
    with postgres.read() as connection:
        assert standing(connection) is TransactionStatus.IDLE


def test_whoever_writes_or_needs_one_state_after_it_has_a_transaction(postgres: Database) -> None:
    with postgres.read() as connection:
        read_by = connection.connection.driver_connection
        standing(connection)
    with postgres.snapshot() as connection:
        assert connection.connection.driver_connection is read_by  # one pool: what a reader set must be gone
        assert standing(connection) is TransactionStatus.INTRANS
        assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "repeatable read"
    with postgres.write() as connection:
        assert connection.connection.driver_connection is read_by
        assert standing(connection) is TransactionStatus.INTRANS
        assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
