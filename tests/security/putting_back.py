"""An office in which something is really written, and which is put back afterwards as it was: database and files."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from services import definitions
from services.invariants import violations
from services.verify_journal import verify
from tests.factories import CALENDAR, at
from tests.security.world import DAY, World


class Kept:
    """The office of ``world`` as it is now; ``put_back`` brings it back."""

    def __init__(self, world: World) -> None:
        self.world, self._file = world, world.folder / "dondoc.sqlite3"
        self._copy = sqlite3.connect(":memory:")
        self._files = Path(tempfile.mkdtemp(dir=world.folder)) / "attachments"
        with closing(sqlite3.connect(self._file)) as source:
            source.backup(self._copy)
        shutil.copytree(world.folder / "attachments", self._files)

    def put_back(self) -> None:
        """Undo everything since."""
        with closing(sqlite3.connect(self._file)) as target:
            self._copy.backup(target)
        shutil.copytree(self._files, self.world.folder / "attachments", dirs_exist_ok=True)
        for remembered in (definitions._PLANS, definitions._WORKFLOWS, definitions._CYCLES):
            remembered.clear()  # under numbers that are given out again now

    def close(self) -> None:
        """Forget the copy."""
        self._copy.close()
        shutil.rmtree(self._files.parent)


@contextmanager
def really(world: World) -> Iterator[Kept]:
    """What is written in ``world`` stays until the end; then the office is as it was."""
    kept = Kept(world)
    world.db.dry = False
    try:
        yield kept
    finally:
        world.db.dry = True
        kept.put_back()
        kept.close()


def faults(world: World) -> list[str]:
    """Everything that must hold at any time and does not, the journal's chains included."""
    found = violations(world.db, now=at(DAY), calendar=CALENDAR)
    broken = [str(one) for one in found if one.invariant != "rungs"]  # the office was not swept since some days
    return broken + [f"{stream}: {fault}" for stream, fault in verify(world.db).faults]
