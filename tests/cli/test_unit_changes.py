"""The command line of changes of units: nothing is kept in a dry run, every problem has its line, it can be withdrawn."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from engine.errors import PackError
from tests.cli.test_amending import data, told

DAY = datetime.now(UTC).date() + timedelta(days=30)  # of the machine, by whose clock an installation runs
FILE = f"""unit_changes:
  - on: {DAY:%d/%m/%Y}
    document: Nghị quyết 1/NQ-HĐND
    new_units:
      - {{code: khu-vuc, parent: ubnd, name: UBND khu vực}}
    parts:
      - {{merge: [loc-ninh, bu-dop], into: khu-vuc}}
"""
__all__ = ["data"]


def written(folder: Path, text: str = FILE) -> str:
    """The path of a file with ``text``."""
    path = folder / "sap-nhap.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def answer(*words: str) -> Any:
    """What a command says in JSON."""
    return json.loads(told(*words, "--json"))


def test_a_dry_run_keeps_nothing(data: Path) -> None:
    found = answer("unit", "change", written(data), "--dry-run")
    assert (found["recorded"], found["on"]) == (False, DAY.isoformat())
    assert {group["unit"] for group in found["groups"]} == {"loc-ninh", "bu-dop"}
    assert answer("unit", "changes") == []


def test_kept_listed_and_withdrawn(data: Path) -> None:
    number = answer("unit", "change", written(data), "--yes")["change"]
    assert [(line["change"], line["state"]) for line in answer("unit", "changes")] == [(number, "planned")]
    assert answer("unit", "withdraw", str(number)) == {"change": number, "withdrawn": True}
    assert [line["state"] for line in answer("unit", "changes")] == ["withdrawn"]


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ("into: khu-vuc", "into: khu-vuk", [(7, "unknown-unit")]),
        ("[loc-ninh, bu-dop]", "[loc-nin, bu-dop]", [(7, "unknown-unit")]),
        ("merge:", "mrege:", [(7, "unknown-key")]),
        ("document: Nghị quyết 1/NQ-HĐND", "documents: x", [(3, "unknown-key")]),
        ("on: ", "on: 99/", [(2, "day")]),
        ("unit_changes:", "units:", None),
    ],
)
def test_every_problem_has_its_line(data: Path, old: str, new: str, problems: list[tuple[int, str]] | None) -> None:
    result = CliRunner().invoke(app, ["unit", "change", written(data, FILE.replace(old, new)), "--yes"])
    assert isinstance(result.exception, PackError), result.output
    if problems is not None:
        assert [(p.line, p.code) for p in result.exception.problems] == problems
    assert answer("unit", "changes") == []
