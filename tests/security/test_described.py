"""The API keeps to its own description, in a small run; the same at length is `python -m tests.security.described`."""

from __future__ import annotations

import pytest

from tests.security.described import TOKEN, run
from tests.security.world import World

pytestmark = pytest.mark.xdist_group("access")


def test_every_answer_is_described_and_none_is_an_error_of_ours(world: World) -> None:
    report = run(world, seeds=(1,), examples=1, sequences=8, who=(TOKEN,))
    assert report.findings == []
    assert report.operations > 30 and report.requests > 300 and report.sequences > 5
    assert report.answers[TOKEN]["200"] > 20
