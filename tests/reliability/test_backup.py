"""A backup by the command while clients write to a real web process; at length: `python -m tests.reliability.backup`."""

from __future__ import annotations

from pathlib import Path

from tests.reliability.backup import Databases, run


def test_what_was_acknowledged_before_is_restored_elsewhere(tmp_path: Path) -> None:
    report = run(Databases("sqlite"), tmp_path, facts=0, clients=3, backups=1)
    assert report.faults == []
    assert (report.backups, report.acknowledged_meanwhile > 0, report.files > 0) == (1, True, True)
