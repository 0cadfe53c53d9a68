"""The overdue list of one unit among many stored steps, beside the same columns by SQL written by hand, narrowed to no reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import text

from benchmarks.filling import filled
from benchmarks.measuring import Meter, interleaved
from benchmarks.plans import DAY
from benchmarks.report import Row
from models.database import Database
from models.reading.lines import StepRow
from models.reading.overdue import Wanted, rows
from tests.factories import at, person

UNIT = "don-vi-007"
REPEATS = 20  # per turn: one query alone is shorter than what clocks tell apart
OF_WORKFLOW = {"version_id", "key_task", "cycle", "counts", "confidential", "anchor_on"}
RENAMED = {
    "workflow_code": "w.code",
    "workflow_lead": "w.lead",
    "holder": "s.clock_holder",
    "in_full": "true",
    "counts": "CASE WHEN s.status = 'waiting' THEN w.counts END",
    "link_approved": "CASE WHEN s.status = 'submitted' THEN s.link_approved END",
}
COLUMNS = ", ".join(RENAMED.get(name) or f"{'w' if name in OF_WORKFLOW else 's'}.{name}" for name in StepRow._fields)
BY_HAND = text(
    f"""SELECT {COLUMNS} FROM step s JOIN workflow w ON w.id = s.workflow_id
        WHERE s.status NOT IN ('done', 'cancelled', 'not-applicable', 'prior') AND s.closed_on IS NULL
          AND s.lead = :unit AND s.due_at <= :at
        ORDER BY s.due_at, s.id LIMIT 50"""
)


def list_rows(small: Database, large: Database, *, sizes: tuple[int, int], rounds: int) -> Iterator[Row]:
    """Fifty rows: against raw SQL in the large database, and the large database against the small one."""
    name, meters = "SQLite" if large.sqlite else "PostgreSQL", {}
    for db, steps in zip((small, large), sizes, strict=True):
        filled(db, steps=steps)
        meters[id(db)] = Meter(db)

    def spent(db: Database, query: Callable[[Database], int]) -> float:
        assert query(db) == 50
        return meters[id(db)].spent(lambda: [query(db) for _ in range(REPEATS)]) / REPEATS * 1000

    what = f"overdue list, 50 rows of a unit, {sizes[1]:,} stored steps"
    mine, raw, ratio = interleaved(rounds, lambda _: spent(large, _listed), lambda _: spent(large, _by_hand))
    yield Row(what, name, ratio, "× raw SQL", 2, f"{mine:.2f} ms; by hand {raw:.2f} ms")
    much, little, ratio = interleaved(rounds, lambda _: spent(large, _listed), lambda _: spent(small, _listed))
    yield Row(f"the same ÷ at {sizes[0]:,}", name, ratio, "×", 2, f"{much:.2f} ms; {little:.2f} ms")


def _listed(db: Database) -> int:
    with db.read() as connection:
        return len(rows(connection, person(1, UNIT), Wanted(units=(UNIT,)), at(DAY).business, limit=50, offset=0))


def _by_hand(db: Database) -> int:
    instant: Any = at(DAY).business
    with db.read() as connection:
        when = instant.replace(tzinfo=None) if db.sqlite else instant
        return len(connection.execute(BY_HAND, {"unit": UNIT, "at": str(when) if db.sqlite else when}).all())
