"""`dondoc assign` and `dondoc close`: listed first, done with --yes, taken back with --undo."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from cli.main import app
from engine.errors import InvalidFields
from models.database import Database, sqlite_url
from models.migrate import upgrade
from models.tables import assignment, workflow
from services import clock
from tests.factories import at
from tests.services.played import Played
from wiring.settings import load_settings

DAY = date(2024, 6, 10)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the festival plan, whose simulated clock stands on `DAY`."""
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path))
    db = Database(sqlite_url(load_settings().database_path))
    upgrade(db)
    Played(db)
    clock.start(db, at(DAY).business)
    db.close()
    return tmp_path


def run(data: Path, *words: str) -> Any:
    found = CliRunner().invoke(app, [*words, "--data", str(data), "--json"], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def rows(data: Path, table: Any, *columns: Any) -> list[Any]:
    db = Database(sqlite_url(load_settings().database_path))
    with db.read() as connection:
        found = list(connection.execute(select(*columns).select_from(table)))
    db.close()
    return found


def test_an_assignment_is_listed_made_once_and_refused_with_every_problem(data: Path) -> None:
    words = [
        "assign", "--number", "512/UBND", "--signed-on", "2024-06-07", "--leader", "Chủ tịch UBND tỉnh", "--text", "Kiểm tra", "--lead",
        "cap-huyen", "--due", (DAY + timedelta(days=9)).isoformat(),
    ]  # fmt: skip
    assert [step["lead"] for step in run(data, *words)["steps"]] == ["huyen-01", "huyen-02", "huyen-03"]
    assert rows(data, assignment, assignment.c.number) == []
    first, again = (run(data, *words, "--yes", "--key", "k") for _ in range(2))
    assert (first["workflow_id"], first["replayed"], again["replayed"]) == (again["workflow_id"], False, True)
    assert rows(data, assignment, assignment.c.number) == [("512/UBND",)]
    with pytest.raises(InvalidFields) as wrong:
        run(data, "assign", "--number", "1")
    assert set(wrong.value.problems) >= {"signed_on", "leader", "text", "leads", "due_on"}


def test_a_year_is_listed_closed_and_one_cycle_taken_back(data: Path) -> None:
    year = ["close", "--plan", "1", "--year", "2024", "--reason", "Hết năm"]
    listed = run(data, *year)
    assert len(listed) == 1 and listed[0]["steps"][0]["suggested"] in ("carry", "leave")
    assert rows(data, workflow, workflow.c.closed_at) == [(None,)]
    assert [row["problem"] for row in run(data, *year, "--yes")] == [None]
    assert rows(data, workflow, workflow.c.closed_at) != [(None,)]
    assert run(data, "close", "--workflow", "1", "--undo", "--reason", "Nhầm")["taken_up"] > 0
    assert rows(data, workflow, workflow.c.closed_at) == [(None,)]
    with pytest.raises(InvalidFields):
        run(data, "close", "--reason", "x")
