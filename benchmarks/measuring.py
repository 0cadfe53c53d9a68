"""What a piece of work costs: processor time of this process and of the database's own, and write-ahead log.

Wall time says little on a machine that others use as well; processor time does, and ratios of two sides that take turns do even better.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from sqlalchemy import text

from models.database import Database

TICK = 1 / os.sysconf("SC_CLK_TCK")


class Meter:
    """Processor seconds spent by this process and by the backends that serve ``db`` (none on SQLite: it works in this process)."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.backends = () if db.sqlite else _backends(db)

    def seconds(self) -> float:
        """Processor seconds until now; only differences mean something."""
        return time.process_time() + sum(_process_seconds(pid) for pid in self.backends)

    def spent(self, work: Callable[[], object]) -> float:
        """Processor seconds that ``work`` takes."""
        before = self.seconds()
        work()
        return self.seconds() - before

    def logged(self, work: Callable[[], object]) -> int:
        """Bytes of write-ahead log that ``work`` writes; PostgreSQL only."""
        before = self._position()
        work()
        return self._position() - before

    def _position(self) -> int:
        with self.db.read() as connection:
            return int(connection.execute(text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")).scalar_one())


def interleaved(rounds: int, left: Callable[[int], float], right: Callable[[int], float]) -> tuple[float, float, float]:
    """(median of left, of right, of left ÷ right) over ``rounds`` in which the two take turns in going first."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            second = right(number)
            pairs.append((left(number), second))
        else:
            first = left(number)
            pairs.append((first, right(number)))
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs)


def _backends(db: Database) -> tuple[int, ...]:
    query = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'")
    with db.read() as connection:
        return tuple(connection.execute(query).scalars())


def _process_seconds(pid: int) -> float:
    """Processor seconds of another process: to the nanosecond where the kernel keeps them so, else in its ticks."""
    finest = Path(f"/proc/{pid}/schedstat")
    if finest.exists():
        return int(finest.read_text().split()[0]) / 1e9
    fields: Sequence[str] = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK
