"""A database without room is known by what it says, on either kind, without its driver being loaded for that."""

import sqlite3

import pytest
from psycopg.errors import DeadlockDetected, DiskFull
from sqlalchemy.exc import OperationalError

from models.database import is_full


def sqlite_error(code: int) -> sqlite3.OperationalError:
    found = sqlite3.OperationalError("as SQLite says it")
    found.sqlite_errorcode = code
    return found


@pytest.mark.parametrize(
    ("said", "full"),
    [
        (DiskFull(), True),
        (DeadlockDetected(), False),
        (sqlite_error(sqlite3.SQLITE_FULL), True),
        (sqlite_error(sqlite3.SQLITE_BUSY), False),
    ],
)
def test_no_room_is_told_from_other_trouble(said: Exception, full: bool) -> None:
    assert is_full(OperationalError("INSERT", {}, said)) is full
