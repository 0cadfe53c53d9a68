"""The benchmarks measure what they say: the floor writes the same rows, ratios come from turns, budgets are held against figures."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import func, select

from benchmarks.__main__ import SECTIONS
from benchmarks.acting import calls_of, run
from benchmarks.action import action_rows
from benchmarks.counting import counted
from benchmarks.filling import filled
from benchmarks.floor import floor_calls, recorded
from benchmarks.lists import BY_HAND, UNIT
from benchmarks.measuring import Meter, interleaved
from benchmarks.pages import page_rows
from benchmarks.plans import DAY, REPORT, SUMMARY, opened, reports_of
from benchmarks.report import Row, as_json, show
from models.database import Database
from models.reading.lines import StepRow
from models.tables import journal_entry, notice, participation, round_, step, workflow
from tests.architecture.sources import CHECKOUT
from tests.databases import sqlite_database
from tests.factories import at

ROW = Row("an action", "SQLite", 0.5, "× floor", 1.0, "1 ms; 2 ms")


def steps_of(db: Database, workflow_id: int) -> list[dict[str, Any]]:
    """The steps of a workflow without what names them."""
    own = {"id", "workflow_id"}
    with db.read() as connection:
        rows = connection.execute(select(step).where(step.c.workflow_id == workflow_id).order_by(step.c.position)).mappings()
        return [{name: value for name, value in row.items() if name not in own} for row in rows]


def written(db: Database, workflow_id: int) -> dict[str, int]:
    """How many rows of each kind belong to a workflow."""
    streams = (f"workflow:{workflow_id}", f"floor:{workflow_id}")
    ids = [s.id for s in reports_of(db, workflow_id)]
    with db.read() as connection:

        def count(table: Any, condition: Any) -> int:
            return int(connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one())

        return {
            "entries": count(journal_entry, journal_entry.c.stream.in_(streams)),
            "notices": count(notice, notice.c.workflow_id == workflow_id),
            "rounds": count(round_, round_.c.step_id.in_(ids)),
        }


def test_the_floor_leaves_the_same_rows_as_the_actions(db: Database) -> None:
    model, ours, bare = opened(db, units=3, workflows=36)[:3]  # three parts of one month
    script = recorded(db, model)
    run(calls_of(db, ours))
    run(floor_calls(db, bare, script))
    assert steps_of(db, bare) == steps_of(db, ours)
    assert written(db, bare) == written(db, ours)


def test_the_floor_is_one_transaction_for_each_action(sqlite: Database) -> None:
    model, bare = opened(sqlite, units=2, workflows=2)[:2]
    calls = floor_calls(sqlite, bare, recorded(sqlite, model))
    with counted(sqlite) as found:
        run(calls)
    assert found.commits == len(calls) == 4


def test_the_last_action_of_a_workflow_opens_what_follows(sqlite: Database) -> None:
    workflow_id = opened(sqlite, units=2, workflows=1)[0]
    run(calls_of(sqlite, workflow_id))
    with sqlite.read() as connection:
        query = select(step.c.code, step.c.status).where(step.c.workflow_id == workflow_id).order_by(step.c.position)
        assert connection.execute(query).tuples().all() == [(REPORT, "done"), (REPORT, "done"), (SUMMARY, "open")]


def test_two_sides_take_turns_in_going_first() -> None:
    order: list[str] = []

    def side(name: str, cost: float) -> Any:
        def call(_: int) -> float:
            order.append(name)
            return cost

        return call

    assert interleaved(4, side("a", 1.0), side("b", 2.0)) == (1.0, 2.0, 0.5)
    assert "".join(order) == "abbaabba"


@pytest.mark.postgres
def test_the_meter_sees_work_in_the_backend(postgres: Database) -> None:
    meter = Meter(postgres)

    def work() -> None:
        with postgres.read() as connection:
            connection.exec_driver_sql("SELECT sum(n) FROM generate_series(1, 3000000) AS n").scalar_one()

    assert meter.spent(work) > 0.02


@pytest.mark.postgres
def test_the_action_rows_on_postgresql(postgres: Database) -> None:
    rows = {row.what: row for row in action_rows(postgres, rounds=2)}
    assert rows["commits per action"].value == 1
    assert rows["statements per action"].within
    assert rows["write-ahead log per action"].value > 0.1


def test_copies_are_there_to_be_read_and_swept(sqlite: Database) -> None:
    filled(sqlite, steps=12_000)
    with sqlite.read() as connection:

        def count(table: Any) -> int:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

        assert count(step) == 12_000 + 12 * 12
        assert count(workflow) == 1_000 + 12
        assert count(participation) >= count(step)
        when = str(at(DAY).business.replace(tzinfo=None))
        found = connection.execute(BY_HAND, {"unit": UNIT, "at": when}).all()
    assert (len(found), len(found[0])) == (50, len(StepRow._fields))


def test_the_pages_are_those_of_the_stored_plan_and_their_figures_rise(sqlite: Database, tmp_path_factory: pytest.TempPathFactory) -> None:
    with sqlite_database(tmp_path_factory.mktemp("small")) as small:
        rows = list(page_rows(small, sqlite, sizes=(120, 1_200), times=2))
    measured = [row for row in rows if row.unit == "ms"]
    assert all(row.value > measured[-1].value > 0 for row in measured[:-1])  # the floor is the last
    assert [row.budget for row in rows if "overview" in row.what] == [50, 100]


def test_a_row_says_whether_its_budget_holds() -> None:
    assert ROW.within is True
    assert Row("x", "SQLite", 1.5, "×", 1.0, "").within is False
    assert Row("x", "SQLite", 1.5, "×", None, "").within is None


def test_rows_print_as_a_table_and_as_json() -> None:
    printed = io.StringIO()
    show([ROW], Console(file=printed, width=120))
    assert "0.50 × floor" in printed.getvalue() and "holds" in printed.getvalue()
    (found,) = json.loads(as_json([ROW]))
    assert (found["what"], found["value"], found["budget"], found["within"]) == ("an action", 0.5, 1.0, True)


def test_every_section_is_explained() -> None:
    page = (CHECKOUT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert not [name for name in SECTIONS if f"`{name}`" not in page]
