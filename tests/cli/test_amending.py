"""The command line of amending: nothing changes in a dry run, a pack comes back from what is published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from engine.errors import DondocError
from tests.plans.packs import write_pack

DOCUMENT = "Kế hoạch 15/KH-UBND"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with the small plan published on a day of 2023."""
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path / "data"))
    told("migrate")
    write_pack(tmp_path / "pack")
    told("plan", "import", str(tmp_path / "pack"), "--yes")
    return tmp_path


def told(*words: str) -> str:
    """What a command says."""
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def refused(*words: str) -> str:
    """Why a command was not carried out."""
    result = CliRunner().invoke(app, list(words))
    assert isinstance(result.exception, DondocError), result.output
    return result.exception.text.en


def as_json(*words: str) -> Any:
    """What a command says to scripts."""
    return json.loads(told(*words, "--json"))


def test_a_plan_is_exported_changed_and_amended(data: Path) -> None:
    exported = data / "exported"
    assert as_json("plan", "export", str(exported))["version"] == 1
    assert "is not empty" in refused("plan", "export", str(exported))
    told("plan", "check", str(exported))
    same = as_json("plan", "amend", str(exported), "--dry-run")
    assert (same["same"], same["applied"], same["lines"]) == (True, False, [])

    task = exported / "key-tasks/01-nv1.yaml"
    task.write_text(task.read_text().replace("Ban hành kế hoạch", "Ban hành kế hoạch năm"))
    dry = as_json("plan", "amend", str(exported), "--document", DOCUMENT, "--dry-run")
    assert (dry["version"], dry["same"], dry["applied"]) == (2, False, False)
    assert as_json("plan", "export", str(data / "still"))["version"] == 1
    assert refused("plan", "amend", str(exported), "--yes") == "Name the document that amends the plan."
    made = as_json("plan", "amend", str(exported), "--document", DOCUMENT, "--yes")
    assert made["applied"]
    assert as_json("plan", "export", str(data / "after"))["version"] == 2
    assert as_json("plan", "export", str(data / "before"), "--version", "1")["version"] == 1
    back = as_json("plan", "undo-amendment", "--document", "Thu hồi", "--yes")
    assert (back["applied"], back["version"]) == (True, 3)
    assert "Only the last" in refused("plan", "undo-amendment", "--document", "Thu hồi", "--yes")


def test_a_dry_run_of_publishing_shows_and_publishes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATA", str(tmp_path / "data"))
    told("migrate")
    pack = str(write_pack(tmp_path / "pack"))
    shown = as_json("plan", "import", pack, "--dry-run", "--steps", "--mails")
    assert (shown["plan"], shown["workflows"], shown["steps"]) == (None, 2, 6)
    assert {line["unit"] for line in shown["lines"]} == {"co-quan", "loc-ninh", "bu-dop"}
    assert "Not found" in refused("plan", "export", str(tmp_path / "none"))
    assert as_json("plan", "publish", pack, "--yes")["plan"] == 1
