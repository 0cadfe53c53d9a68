"""Whoever reads cannot write, on either database, whatever the connection did before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from models.database import Database
from models.heartbeats import beat, last

FIRST, SECOND = datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 7, 2, tzinfo=UTC)


def test_a_read_and_a_snapshot_refuse_to_write_before_and_after_somebody_wrote(db: Database) -> None:
    for written in (FIRST, SECOND):
        for reading in (db.read, db.snapshot):
            with pytest.raises(DBAPIError, match=r"read-?only"), reading() as connection:
                beat(connection, "sweep", written, written)
        with db.write() as connection:
            beat(connection, "sweep", written, written)
    with db.read() as connection:
        assert last(connection) == {"sweep": SECOND}
