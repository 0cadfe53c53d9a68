"""The sweep among many open steps of which a thousand cross: what crosses should cost, not what is there."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.counting import counted
from benchmarks.filling import filled
from benchmarks.measuring import Meter
from benchmarks.plans import DAY
from benchmarks.report import Row
from models.database import Database
from services.sweep import sweep
from tests.factories import CALENDAR, at


def sweep_rows(small: Database, large: Database, *, sizes: tuple[int, int], crossing: int) -> Iterator[Row]:
    """Seconds among the larger number of steps, and their ratio to those among the smaller."""
    name, spent, elapsed, statements = "SQLite" if large.sqlite else "PostgreSQL", [], [], []
    for db, steps in zip((small, large), sizes, strict=True):
        filled(db, steps=steps, crossing=crossing)
        meter = Meter(db)
        before, started = meter.seconds(), time.perf_counter()
        with counted(db) as count:
            found = sweep(db, now=at(DAY), calendar=CALENDAR)
        spent.append(meter.seconds() - before)
        elapsed.append(time.perf_counter() - started)
        statements.append(len(count.statements))
        assert found.crossed == crossing
    workflows = -(-crossing // 12)
    what = f"sweep of {sizes[1]:,} open steps, {crossing:,} crossing"
    beside = f"{elapsed[1]:.2f} s by the clock on the wall; one transaction for each of {workflows} workflows"
    yield Row(what, name, spent[1], "CPU s", 1, beside)
    counts = f"{statements[1]} for {crossing:,} steps in {workflows} workflows; {statements[0]} among {sizes[0]:,}"
    yield Row("statements of the sweep for each workflow", name, statements[1] / workflows, "", None, counts)
    yield Row(f"the sweep ÷ among {sizes[0]:,}", name, spent[1] / spent[0], "×", None, f"{spent[1]:.2f} s; {spent[0]:.2f} s")
