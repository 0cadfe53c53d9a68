"""What a page costs the database: a few statements however many rows there are, and lists that the partial indexes serve."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from models.database import Database
from models.reading.overdue import Wanted
from services.queries.counts import overdue_count
from services.queries.key_task_page import key_task_page
from services.queries.my_work import my_work
from services.queries.overdue import overdue_page
from services.queries.overview import overview
from services.queries.plan_page import plan_list, plan_page
from services.queries.search import search_page
from services.queries.step_page import step_page
from services.queries.unit_page import unit_page
from services.queries.units import unit_names
from services.queries.workflow_page import workflow_page
from tests.databases import sqlite_database
from tests.factories import MEMBER, OFFICER, at, district, festival
from tests.services.foreign import SUPERVISOR
from tests.services.played import Played

DAY = at(Played.day.replace(month=8, day=20))
HANDED_IN = {"evidence": {"kh": {"number": "12/KH", "date": "2024-05-02"}}}

# The most statements that each page takes; definitions are read once per process, names of units once per request.
PAGES: dict[str, tuple[int, Callable[[Played], Any]]] = {
    "my work of a unit": (7, lambda p: my_work(p.db, district(1), DAY)),
    "my work of the standing agency": (8, lambda p: my_work(p.db, OFFICER, DAY)),
    "overview, the first look of a day": (11, lambda p: overview(p.db, SUPERVISOR, DAY)),
    "overview": (8, lambda p: overview(p.db, SUPERVISOR, DAY)),
    "plans": (2, lambda p: plan_list(p.db, SUPERVISOR, DAY)),
    "plan": (4, lambda p: plan_page(p.db, district(1), p.plan_id, DAY)),
    "key task": (5, lambda p: key_task_page(p.db, district(1), 1, DAY, unit="huyen-01")),
    "workflow": (7, lambda p: workflow_page(p.db, district(1), p.workflow_id, DAY, unit_names(p.db, DAY.today))),
    "step": (15, lambda p: step_page(p.db, OFFICER, p.step("ke-hoach")["id"], DAY, unit_names(p.db, DAY.today))),
    "step after others": (15, lambda p: step_page(p.db, OFFICER, p.step("so-bo")["id"], DAY, unit_names(p.db, DAY.today))),
    "overdue": (4, lambda p: overdue_page(p.db, district(1), DAY, Wanted(("huyen-01",)))),
    "search": (7, lambda p: search_page(p.db, district(1), DAY, "bao cao huyen-01", unit_names(p.db, DAY.today))),
    "unit": (8, lambda p: unit_page(p.db, SUPERVISOR, "huyen-01", DAY)),
    "count beside the navigation": (1, lambda p: overdue_count(p.db, SUPERVISOR, DAY)),
}


@contextmanager
def reading(db: Database) -> Iterator[list[str]]:
    """The statements that the reading connections are given while the block runs."""
    statements: list[str] = []

    def note(_: Any, __: Any, text: str, *___: Any) -> None:
        if not text.startswith("BEGIN"):
            statements.append(text)

    event.listen(db._reader, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db._reader, "before_cursor_execute", note)


def played(db: Database, units: int) -> Played:
    """A festival in the middle: something submitted, returned, asked for, late."""
    found = Played(db, definition=festival(units))
    found.people(OFFICER, MEMBER, *(district(n) for n in range(1, units + 1)))
    found.act(OFFICER, "submit", "ke-hoach", payload=HANDED_IN)
    found.act(MEMBER, "return", "ke-hoach", payload={"reason": "thiếu phụ lục"})
    for n in range(1, units):
        found.act(district(n), "accept", "gop-y", f"huyen-{n:02}")
    return found


def costs(plan: Played) -> dict[str, int]:
    """The statements of each page, once the definition is in memory."""
    workflow_page(plan.db, SUPERVISOR, plan.workflow_id, DAY, unit_names(plan.db, DAY.today))
    found = {}
    for name, (_, page) in PAGES.items():
        with reading(plan.db) as statements:
            page(plan)
        found[name] = len(statements)
    return found


def test_pages_take_few_statements(sqlite: Database):
    found = costs(played(sqlite, 3))
    assert {name: n for name, n in found.items() if n > PAGES[name][0]} == {}


def test_and_no_more_for_four_times_the_units(sqlite: Database, tmp_path: Path):
    small = costs(played(sqlite, 3))
    folder = tmp_path / "large"
    folder.mkdir()
    with sqlite_database(folder) as other:
        assert costs(played(other, 12)) == small


@pytest.mark.parametrize(
    ("wanted", "index"),
    [(Wanted(), "ix_step_due"), (Wanted(("huyen-01",)), "ix_step_lead_due")],
    ids=["all", "of one unit"],
)
def test_the_overdue_list_comes_in_the_order_of_a_partial_index(sqlite: Database, wanted: Wanted, index: str):
    played(sqlite, 3)
    with reading(sqlite) as statements:
        overdue_page(sqlite, SUPERVISOR, DAY, wanted)
    listed = next(s for s in statements if "ORDER BY step.due_at" in s)
    with sqlite.read() as connection:
        values = tuple("2024-08-20" for _ in range(listed.count("?")))
        plan_of_query = "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {listed}", values))
    assert index in plan_of_query
    assert "TEMP B-TREE" not in plan_of_query
