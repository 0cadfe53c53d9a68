"""Steps by their names, for pages that know no more of them than a number of the database, which says nothing to people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.access import Actor
from engine.definition import Text
from models.database import Database
from models.reading.lines import by_ids
from services.queries import naming
from services.queries.lines import definition_of


@dataclass(frozen=True, slots=True)
class StepName:
    """``title``, ``place`` ("NV4 · 2024") and ``number`` of a step, and the unit that leads it. What is confidential is not titled."""

    id: int
    title: Text
    place: Text
    number: int
    lead: str


def step_names(db: Database, viewer: Actor, step_ids: Iterable[int]) -> dict[int, StepName]:
    """The names of those of ``step_ids`` that exist for ``viewer``."""
    with db.read() as connection:
        found = {}
        for row in by_ids(connection, viewer, step_ids):
            workflow = definition_of(connection, row)
            found[row.id] = StepName(
                row.id,
                naming.step_title(workflow, row.code, confidential=row.confidential),
                naming.place(workflow, row.cycle, confidential=row.confidential),
                naming.step_number(workflow, row.code),
                row.lead,
            )
        return found
