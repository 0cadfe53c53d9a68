"""The office of the access matrix, and everything that everybody was answered in it: asked once for all tests of one worker."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest

from tests.security.asking import Cell
from tests.security.world import World
from wiring.logs import JsonLines

LOGGED: list[str] = []


class Kept(logging.Handler):
    """Keeps each line as the application's own log would have it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        LOGGED.append(JsonLines(in_words=False).format(record))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The office with the marked plan."""
    found = World(tmp_path_factory.mktemp("world"))
    yield found
    found.close()


@pytest.fixture(scope="session")
def cells(world: World) -> list[Cell]:
    """Every cell of the matrix; what was logged meanwhile stands in `LOGGED`."""
    ours, handler = logging.getLogger("dondoc"), Kept(logging.INFO)
    ours.addHandler(handler)
    level = ours.level
    ours.setLevel(logging.INFO)
    try:
        found = list(world.cells())
    finally:
        ours.removeHandler(handler)
        ours.setLevel(level)
    things = {cell.address.thing for cell in found}
    sys.stdout.write(f"\n{len(world.routes())} routes × {len(world.browsers)} persons, {len(things)} kinds of thing: {len(found)} cells\n")
    return found
