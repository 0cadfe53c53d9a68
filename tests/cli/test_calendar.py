"""The command line of the office's calendar: nothing moves without --yes, and mistakes are sentences."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.common import application
from cli.main import app
from services.verify_journal import verify
from tests.architecture.sources import CHECKOUT


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty installation; what commands put into the environment is undone."""
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path))
    told(tmp_path, "migrate")
    return tmp_path


def told(data: Path, *words: str) -> Any:
    """What a command prints for scripts."""
    answer = CliRunner().invoke(app, [*words, "--json", "--data", str(data)], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)


def test_what_is_shipped_is_recorded_when_the_database_is_made(data: Path) -> None:
    days = {line["day"]: line for line in told(data, "calendar", "list", "--year", "2026")}
    assert days["2026-01-02"]["working"] is False and days["2026-01-10"]["working"] is True
    assert days["2026-01-02"]["document"] == "Thông báo hoán đổi ngày làm việc, 25/12/2025"
    assert days["2026-08-22"]["source"] == "library"
    assert "2026-11-24" not in days


def test_a_day_is_recorded_with_yes_only_and_counts_from_then_on(data: Path) -> None:
    add = ("calendar", "add", "2026-11-24", "--off", "--document", "Nghị quyết 1")
    count = ("calendar", "working", "2026-11-20", "2026-11-30")
    assert told(data, *add) == {"applied": False, "moved": None, "moves": []}
    assert told(data, *count)["working_days"] == 6
    assert told(data, *add, "--yes") == {"applied": True, "moved": 0, "moves": []}
    assert told(data, *count)["working_days"] == 5
    assert told(data, "calendar", "remove", "24/11/2026", "--document", "Bãi bỏ", "--yes")["applied"]
    assert told(data, *count)["working_days"] == 6
    with application(data) as context:
        assert not verify(context.db).faults


def test_every_mistake_is_a_sentence_and_nothing_is_recorded(data: Path) -> None:
    script = Path(sys.executable).with_name("dondoc")
    wrong = ["2026-08-05", "--until", "2026-08-03", "--make-up", "2026-08-06", "--document", "", "--yes", "--data", str(data)]
    answer = subprocess.run([script, "calendar", "add", *wrong], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert [line.partition(":")[0] for line in answer.stderr.splitlines()] == ["off_to", "make_up", "document"]
    assert "2026-08-06" not in {line["day"] for line in told(data, "calendar", "list")}
