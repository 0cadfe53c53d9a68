"""One key task: the plan's own words, its workflows of a year, and on wish what one unit leads of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.access import Actor
from engine.errors import NotFound
from engine.instants import Now
from engine.rollup import Tally, administrative_year, total
from models.database import Database
from models.reading import plans as sql
from models.reading import unit_page as unit_sql
from models.reading.plans import KeyTaskRow, PlanRow
from models.reading.tallies import Period
from services.definitions import plan_of
from services.queries.lines import StepLine, step_lines
from services.queries.plan_page import WorkflowLine, plan_of_viewer, workflow_lines, year_within

MOST = 200


@dataclass(frozen=True, slots=True)
class KeyTaskPage:
    """``source``: quoted from the plan. ``unit``: the unit that ``steps`` are narrowed to (by administrative year), "" for none."""

    plan: PlanRow
    key_task: KeyTaskRow
    source: str
    year: int
    years: tuple[int, ...]
    workflows: tuple[WorkflowLine, ...]
    tally: Tally
    unit: str
    steps: tuple[StepLine, ...]


def key_task_page(db: Database, viewer: Actor, key_task_id: int, now: Now, *, year: int | None = None, unit: str = "") -> KeyTaskPage:
    """The key task in a calendar year (the present one by default). Raises NotFound where it does not exist for ``viewer``."""
    with db.read() as connection:
        row = sql.key_task_by_id(connection, viewer, key_task_id)
        if row is None:
            raise NotFound()
        plan = plan_of_viewer(connection, viewer, row.plan_id)
        years, chosen = year_within(plan, year or now.today.year)
        of_year = sql.touching(date(chosen, 1, 1), date(chosen, 12, 31))
        workflows = sql.workflows(connection, viewer, plan.id, sql.of_key_task(row.code), of_year)
        lines = workflow_lines(connection, viewer, plan.id, workflows, now)
        definition = plan_of(connection, plan.version_id)
        source = next((k.source for k in definition.key_tasks if k.code == row.code), "")
        period = Period(*administrative_year(chosen))
        steps = unit_sql.of_key_task(connection, viewer, unit, plan.id, row.code, period, MOST) if unit else ()
        listed = step_lines(connection, steps, now)
    return KeyTaskPage(
        plan, row, source, chosen, years, lines, total(line.tally for line in lines), unit, listed
    )  # fmt: skip
