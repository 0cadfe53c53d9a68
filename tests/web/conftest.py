"""An office with its pages, for tests that visit them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database
from tests.web.office import Office


@pytest.fixture
def office(sqlite: Database, tmp_path: Path) -> Iterator[Office]:
    """The demonstration: the clock is simulated."""
    found = Office(sqlite, tmp_path)
    yield found
    found.close()


@pytest.fixture
def real_office(sqlite: Database, tmp_path: Path) -> Iterator[Office]:
    """An office whose clock is the machine's."""
    found = Office(sqlite, tmp_path, simulated=False)
    yield found
    found.close()
