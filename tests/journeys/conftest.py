"""One running product for all journeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.stack import Stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The demonstration, up and waiting; stopped at the end, leaving no process."""
    found = Stack(Path(tmp_path_factory.mktemp("journey")) / "data")
    found.start()
    try:
        yield found
    finally:
        left = found.stop()
    assert left == []
