"""The sweep among many open steps of which a thousand cross: what crosses should cost, not what is there."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.filling import filled
from benchmarks.measuring import Meter
from benchmarks.plans import DAY
from benchmarks.report import Row
from models.database import Database
from services.sweep import sweep
from tests.factories import CALENDAR, at


def sweep_rows(small: Database, large: Database, *, sizes: tuple[int, int], crossing: int) -> Iterator[Row]:
    """Seconds among the larger number of steps, and their ratio to those among the smaller."""
    name, spent, elapsed = "SQLite" if large.sqlite else "PostgreSQL", [], []
    for db, steps in zip((small, large), sizes, strict=True):
        filled(db, steps=steps, crossing=crossing)
        meter = Meter(db)
        before, started = meter.seconds(), time.perf_counter()
        found = sweep(db, now=at(DAY), calendar=CALENDAR)
        spent.append(meter.seconds() - before)
        elapsed.append(time.perf_counter() - started)
        assert found.crossed == crossing
    what = f"sweep of {sizes[1]:,} open steps, {crossing:,} crossing"
    beside = f"{elapsed[1]:.2f} s by the clock on the wall; one transaction for each of {-(-crossing // 12)} workflows"
    yield Row(what, name, spent[1], "CPU s", 1, beside)
    yield Row(f"the same ÷ among {sizes[0]:,}", name, spent[1] / spent[0], "×", None, f"{spent[1]:.2f} s; {spent[0]:.2f} s")
