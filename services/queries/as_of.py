"""Past days for pages and API: one workflow's steps, a plan's counts, and what has been corrected since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from engine.access import Actor
from engine.as_of import Standing, corrected_since
from engine.definition import Text
from engine.errors import NotFound
from engine.rollup import Tally, administrative_year, administrative_year_of, total
from engine.statuses import PASSED, VOID, Timeliness
from models.database import Database
from models.reading import as_of as sql
from models.reading import plans as plan_sql
from models.reading.tallies import Period
from services.as_of import Past, stories
from services.definitions import workflow_of
from services.queries import naming
from services.queries.tallies import Counted

Cell = tuple[str, str]  # key task ("" for plan-level), the unit that led


@dataclass(frozen=True, slots=True)
class PastStep:
    """One step as it stood. ``differs``: it is another by now."""

    id: int
    number: int
    title: Text
    slot: str
    standing: Standing
    timeliness: Timeliness
    differs: bool


@dataclass(frozen=True, slots=True)
class PastWorkflow:
    """``past``: as of when, and how it is told. ``tally`` counts the steps."""

    id: int
    plan_id: int
    name: Text
    past: Past
    steps: tuple[PastStep, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that came after a report was made."""

    step_id: int
    field: str
    old: Any
    new: Any


def workflow_as_of(db: Database, viewer: Actor, workflow_id: int, past: Past) -> PastWorkflow:
    """A workflow as it stood then. Raises NotFound where it did not exist, or does not for ``viewer``."""
    until, view = past.until, past.view
    with db.snapshot() as connection:
        row = plan_sql.workflow_by_id(connection, viewer, workflow_id)
        if row is None or row.opened_at > until:
            raise NotFound()
        compiled = workflow_of(connection, {"version_id": row.version_id, "key_task": row.key_task, "code": row.code})
        found = stories(connection, [workflow_id])
    steps, counted = [], Tally()
    for id_, (stored, story) in found.items():
        if not story.exists(until):
            continue
        standing = story.standing(until, view)
        counted += standing.tally(until)
        steps.append(
            PastStep(
                id_,
                naming.step_number(compiled, stored["code"]),
                naming.step_title(compiled, stored["code"], confidential=row.confidential),
                stored["slot"],
                standing,
                standing.timeliness(until),
                _differs(stored, standing),
            )
        )
    return PastWorkflow(
        row.id, row.plan_id, naming.workflow_name(compiled, row.cycle, confidential=row.confidential), past, tuple(steps), counted
    )


def cells_as_of(connection: Connection, viewer: Actor, plan_id: int, period: Period, past: Past) -> dict[Cell, Tally]:
    """Tallies by key task and lead of the period's steps as they stood then, and of what earlier ones had left undone."""
    return counted_as_of(connection, viewer, plan_id, period, past).cells


def counted_as_of(connection: Connection, viewer: Actor, plan_id: int, period: Period, past: Past) -> Counted:
    """Those steps by cell, and by the month in which they were due by the dates of then."""
    rows = sql.workflows(connection, viewer, plan_id, past.until)
    cells: dict[Cell, Tally] = defaultdict(Tally)
    months: dict[int, Tally] = defaultdict(Tally)
    for stored, story in stories(connection, list(rows)).values():
        standing, row = story.standing(past.until, past.view), rows[stored["workflow_id"]]
        day = standing.due_on or stored["planned_on"] or row["first_on"]
        carried = day < period.first and standing.status not in PASSED
        if standing.status in VOID or not story.exists(past.until) or not (carried or period.first <= day <= period.last):
            continue
        counts = standing.tally(past.until) + Tally(carried=int(carried))
        cells[row["key_task"], standing.lead] += counts
        months[period.month(day)] += counts
    return Counted(dict(cells), dict(months))


def by_workflow_as_of(connection: Connection, viewer: Actor, plan_id: int, past: Past) -> Mapping[int, Tally]:
    """The tally of each workflow of the plan that had opened by then."""
    found: dict[int, Tally] = {id_: Tally() for id_ in sql.workflows(connection, viewer, plan_id, past.until)}
    for stored, story in stories(connection, list(found)).values():
        if story.exists(past.until):
            found[stored["workflow_id"]] += story.standing(past.until, past.view).tally(past.until)
    return found


def plan_as_of(db: Database, viewer: Actor, plan_id: int, past: Past) -> tuple[dict[Cell, Tally], Tally]:
    """The cells of the administrative year of that day, and their sum. Raises NotFound where the plan does not exist for ``viewer``."""
    with db.snapshot() as connection:
        if all(plan.id != plan_id for plan in plan_sql.plans(connection, viewer)):
            raise NotFound()
        year = Period(*administrative_year(administrative_year_of(past.day)))
        cells = cells_as_of(connection, viewer, plan_id, year, past)
    return cells, total(cells.values())


def corrections_of(db: Database, viewer: Actor, workflow_id: int, since: datetime) -> tuple[Corrected, ...]:
    """`was_corrected_since` for one workflow. Raises NotFound where it does not exist for ``viewer``."""
    with db.snapshot() as connection:
        if plan_sql.workflow_by_id(connection, viewer, workflow_id) is None:
            raise NotFound()
        return was_corrected_since(connection, [workflow_id], since)


def was_corrected_since(connection: Connection, workflow_ids: list[int], since: datetime) -> tuple[Corrected, ...]:
    """The corrections in these workflows recorded after ``since``: whoever used their values then must say so, or count again."""
    return tuple(
        Corrected(id_, fact["field"], fact["old"], fact["new"])
        for id_, (_, story) in stories(connection, workflow_ids).items()
        for fact in corrected_since(story.said, since)
    )


def _differs(stored: RowMapping, standing: Standing) -> bool:
    return any(stored[name] != getattr(standing, name) for name in ("status", "lead", "due_on", "submitted_on"))
