"""The whole of Plan 222 lived through by seeded units, without Prefect."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

from benchmarks.report import Row
from engine.instants import at_local
from models.database import Database
from plans.reader import read_pack
from simulation.replay import replay
from wiring.calendar import build_calendar
from wiring.settings import CHECKOUT

WHOLE, HALF_A_YEAR = date(2026, 1, 1), date(2023, 2, 1)


def replay_rows(db: Database, *, until: date) -> Iterator[Row]:
    """Seconds for the replay from the day of issue to ``until``."""
    definition = read_pack(CHECKOUT / "plans" / "222-kh-ubnd")
    calendar = build_calendar(definition.calendar)
    own, started = time.process_time(), time.perf_counter()
    found = replay(db, definition, seed=1, until=at_local(until, 0), calendar=calendar)
    own, elapsed = time.process_time() - own, time.perf_counter() - started
    years = (until - definition.issued_on).days / 365
    beside = f"{found.steps:,} steps, {found.actions:,} actions; {elapsed:.1f} s by the clock on the wall"
    yield Row(f"replay of the whole plan, {years:.1f} years", "SQLite", own, "CPU s", 60, beside)
