"""Web, orchestrator, Prefect's server and the mail server are killed while clients work: nothing acknowledged is lost, nothing is twice.

The same at length, 5,000 completions and 100 kills, is `python -m tests.reliability.kills`.
"""

from pathlib import Path

import pytest

from tests.reliability.kills import run
from tests.reliability.machine import Victim


@pytest.mark.prefect
def test_nothing_acknowledged_is_lost_when_anything_is_killed(tmp_path: Path) -> None:
    report = run(tmp_path / "data", completions=48, kills=4, clients=4, seed=1)
    assert report.faults == []
    assert report.acknowledged == 2 * 48
    assert report.kills == dict.fromkeys(Victim, 1)
    assert report.mails > 0
