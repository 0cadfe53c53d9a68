"""What has happened since a moment ago, for pages that keep themselves fresh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from engine.access import Actor
from models.database import Database
from models.reading import live as sql

CLOCK = 0  # stands among the workflows for the simulated clock, which concerns every page


@dataclass(frozen=True, slots=True)
class Moment:
    """How far everything was at one look. ``heads``: workflow id → journal number; ``clock``: simulated time, None for the machine's."""

    heads: dict[int, int] = field(default_factory=dict)
    clock: datetime | None = None

    def since(self, before: Moment) -> frozenset[int]:
        """The workflows in which something happened after ``before``; `CLOCK` among them if the simulated clock moved."""
        moved = {id_ for id_, seq in self.heads.items() if before.heads.get(id_) != seq}
        return frozenset(moved | ({CLOCK} if self.clock != before.clock else set()))


def look(db: Database) -> Moment:
    """How far everything is now."""
    with db.read() as connection:
        return Moment(sql.heads(connection), sql.simulated_at(connection))


def concerning(db: Database, viewer: Actor, changed: Iterable[int]) -> frozenset[int]:
    """Those of ``changed`` that ``viewer`` may know of; the clock concerns everybody."""
    changed = frozenset(changed)
    workflows = changed - {CLOCK}
    if not workflows or viewer.reads_everything:
        return changed
    with db.read() as connection:
        return sql.known(connection, viewer, workflows) | (changed & {CLOCK})
