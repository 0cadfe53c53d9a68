"""One unit: what it leads, how it stands, and the names it has borne."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.access import Actor
from engine.definition import Text
from engine.errors import NotFound
from engine.instants import Now
from engine.rollup import Tally, total
from models.database import Database
from models.reading import tallies
from models.reading import unit_page as sql
from models.reading.plans import every_key_task
from services.queries.lines import StepLine, step_lines
from services.unit_view import units_on_record

MOST = 100


@dataclass(frozen=True, slots=True)
class NameLine:
    """A name and the day from which it holds."""

    from_on: date
    name: Text
    short: Text
    type: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    """``by_key_task``: (key task's code, "" for plan-level work; tally). ``titles``: of key tasks, by code.

    ``steps``: unfinished ones, as many as fit. ``successors``: who goes on with its work; ``predecessors``: whose work it goes on with.
    """

    code: str
    official_code: str
    parent: str | None
    ends_on: date | None
    names: tuple[NameLine, ...]
    by_key_task: tuple[tuple[str, Tally], ...]
    titles: Mapping[str, Text]
    tally: Tally
    steps: tuple[StepLine, ...]
    successors: tuple[str, ...]
    predecessors: tuple[str, ...]


def unit_page(db: Database, viewer: Actor, code: str, now: Now) -> UnitPage:
    """The unit as ``viewer`` may know it: names are public, its steps go by read scope. Raises NotFound for an unknown code."""
    with db.read() as connection:
        row = sql.unit_row(connection, code)
        if row is None:
            raise NotFound()
        names = tuple(
            NameLine(n.from_on, Text(n.name_vi, n.name_en), Text(n.short_vi, n.short_en), n.type) for n in sql.names(connection, code)
        )
        counted = tallies.of_unit(connection, viewer, code, now)
        steps = step_lines(connection, sql.unfinished(connection, viewer, code, MOST), now)
        titles = {task.code: task.title for task in reversed(every_key_task(connection, viewer))}
        known = units_on_record(connection)
    by_key_task = tuple(sorted(counted.items(), key=lambda item: (not item[0], item[0])))
    before = tuple(other for other, unit in known.items() if code in unit.successors)
    return UnitPage(
        code, row.official_code, row.parent, row.ends_on, names, by_key_task, titles, total(counted.values()), steps,
        known[code].successors, before,
    )  # fmt: skip
