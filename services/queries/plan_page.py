"""The list of plans, and one plan: its key tasks and the workflows of a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from engine.access import Actor
from engine.assignment import AD_HOC
from engine.definition import Text
from engine.errors import NotFound
from engine.instants import Now
from engine.rollup import Tally, total
from models.database import Database
from models.reading import plans as sql
from models.reading import tallies
from models.reading.plans import KeyTaskRow, PlanRow, WorkflowRow
from services.as_of import Past
from services.definitions import workflow_of
from services.queries import naming
from services.queries.as_of import by_workflow_as_of


@dataclass(frozen=True, slots=True)
class WorkflowLine:
    """One workflow in a list. ``title`` and ``cycle`` name it below its key task."""

    id: int
    title: Text
    cycle: Text
    lead: str
    opens_on: date
    anchor_on: date | None
    finished: bool
    closed: bool
    tally: Tally


@dataclass(frozen=True, slots=True)
class KeyTaskPart:
    """A key task with its workflows of the year; ``tally`` adds them up."""

    row: KeyTaskRow
    workflows: tuple[WorkflowLine, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class PlanPage:
    """``common``: the plan-level workflows of the year, ``ad_hoc``: its assignments; neither counts as a key task."""

    plan: PlanRow
    year: int
    years: tuple[int, ...]
    key_tasks: tuple[KeyTaskPart, ...]
    common: tuple[WorkflowLine, ...]
    ad_hoc: tuple[WorkflowLine, ...]


@dataclass(frozen=True, slots=True)
class PlanLine:
    plan: PlanRow
    tally: Tally


def plan_list(db: Database, viewer: Actor, now: Now) -> tuple[PlanLine, ...]:
    """Every plan that ``viewer`` may know of, the latest first."""
    with db.read() as connection:
        return tuple(
            PlanLine(plan, total(tallies.by_key_task(connection, viewer, plan.id, now).values())) for plan in sql.plans(connection, viewer)
        )


def plan_page(db: Database, viewer: Actor, plan_id: int, now: Now, *, year: int | None = None, past: Past | None = None) -> PlanPage:
    """One plan in a calendar year (the present one by default, within the plan). Raises NotFound where it does not exist for ``viewer``."""
    with db.read() as connection:
        plan = plan_of_viewer(connection, viewer, plan_id)
        years, chosen = year_within(plan, year or now.today.year)
        rows = sql.workflows(connection, viewer, plan.id, sql.touching(date(chosen, 1, 1), date(chosen, 12, 31)))
        lines = workflow_lines(connection, viewer, plan.id, rows, now, past)
        key_tasks = sql.key_tasks(connection, viewer, plan.id)
    of: dict[str, list[WorkflowLine]] = defaultdict(list)
    for line, row in zip(lines, rows, strict=True):
        of[AD_HOC if row.assignment_id else row.key_task].append(line)
    parts = tuple(KeyTaskPart(k, tuple(of[k.code]), total(line.tally for line in of[k.code])) for k in key_tasks)
    return PlanPage(plan, chosen, years, parts, tuple(of[""]), tuple(of[AD_HOC]))


def plan_of_viewer(connection: Connection, viewer: Actor, plan_id: int) -> PlanRow:
    """The plan; NotFound where it does not exist for ``viewer``."""
    found = next((p for p in sql.plans(connection, viewer) if p.id == plan_id), None)
    if found is None:
        raise NotFound()
    return found


def year_within(plan: PlanRow, year: int) -> tuple[tuple[int, ...], int]:
    """The calendar years of the plan, and ``year`` or the nearest of them."""
    years = tuple(range(plan.from_on.year, plan.to_on.year + 1))
    return years, min(max(year, years[0]), years[-1])


def workflow_lines(
    connection: Connection, viewer: Actor, plan_id: int, rows: Sequence[WorkflowRow], now: Now, past: Past | None = None
) -> tuple[WorkflowLine, ...]:
    """Lines for ``rows``, in their order, counted now or as they stood in the ``past``."""
    counted: Mapping[int, Tally]
    if past:
        counted = by_workflow_as_of(connection, viewer, plan_id, past)
    else:
        counted = tallies.by_workflow(connection, viewer, plan_id, now, [row.id for row in rows])
    return tuple(_line(connection, row, counted.get(row.id, Tally())) for row in rows)


def _line(connection: Connection, row: WorkflowRow, tally: Tally) -> WorkflowLine:
    workflow = workflow_of(connection, {"version_id": row.version_id, "key_task": row.key_task, "code": row.code})
    title = naming.workflow_title(workflow, confidential=row.confidential)
    if workflow.document:
        title = naming.joined(naming.ad_hoc(workflow.document, confidential=row.confidential), title)
    return WorkflowLine(
        row.id, title, naming.cycle_text(row.cycle), row.lead, row.opens_on, row.anchor_on, row.finished_at is not None,
        row.closed_at is not None, tally
    )  # fmt: skip
