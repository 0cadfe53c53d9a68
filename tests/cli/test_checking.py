"""Proving that what is stored is whole: what a script sees, above all the exit code, when it is not."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from engine.errors import Invalid
from tests.cli.test_calendar import data
from tests.cli.test_files import files, stored

__all__ = ["data", "stored"]
EDIT = "UPDATE journal_entry SET account_id = 7, body = json_set(body, '$.account', 7) WHERE stream = 'workflow:1' AND seq = 2"


def ran(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--json", "--data", str(folder)])


def test_the_journal_verifies_until_somebody_changes_it(stored: Path, tmp_path: Path) -> None:
    kept, other = tmp_path / "kept.json", tmp_path / "other.json"
    assert ran(stored, "journal", "anchor", "--out", str(kept)).exit_code == 0
    other.write_text(json.dumps({"number": 1, "hash": "0" * 64}), encoding="utf-8")
    sound = ran(stored, "journal", "verify", "--anchor", str(kept))
    assert (sound.exit_code, json.loads(sound.stdout)["faults"], json.loads(sound.stdout)["anchors"]) == (0, [], 1)
    assert ran(stored, "journal", "verify", "--anchor", str(other)).exit_code == 1
    assert isinstance(ran(stored, "journal", "verify", "--anchor", str(tmp_path / "none.json")).exception, Invalid)
    with closing(sqlite3.connect(stored / "dondoc.sqlite")) as connection, connection:
        connection.execute("DROP TRIGGER journal_entry_no_update")
        connection.execute(EDIT)
    found = ran(stored, "journal", "verify")
    assert (found.exit_code, [fault["stream"] for fault in json.loads(found.stdout)["faults"]]) == (1, ["workflow:1"])
    assert "workflow:1: entry 2 does not match its hash" in json.loads(ran(stored, "doctor").stdout)["problems"]


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_the_doctor_reads_every_stored_file(stored: Path, harm: str) -> None:
    (file,) = files(stored)
    whole = [problem for problem in json.loads(ran(stored, "doctor").stdout)["problems"] if problem.startswith("files:")]
    if harm == "changed":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    else:
        file.unlink()
    found = ran(stored, "doctor")
    told = [problem for problem in json.loads(found.stdout)["problems"] if problem.startswith("files:")]
    assert (whole, found.exit_code, told) == ([], 1, [f"files: {file.name} {'was changed' if harm == 'changed' else 'is missing'}"])
