"""What closing would do: the open steps of a workflow, or of every workflow of a year, each with what is suggested for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.cycle_close import Disposition, suggestion
from engine.definition import Text
from engine.errors import NotFound
from engine.instants import Now, local_day
from engine.rollup import Tally
from engine.statuses import WorkStatus
from engine.step_state import from_row
from models import closing as sql
from models.database import Database
from models.reading import plans as plan_sql
from models.reading import tallies
from services.close_cycle import may_close, seen_of
from services.definitions import workflow_of
from services.queries import naming


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step to decide on. ``choices``: what is possible for it. Confidential work shows its number alone."""

    id: int
    number: int
    title: Text
    lead: str
    status: WorkStatus
    due_on: date | None
    suggested: Disposition
    choices: tuple[Disposition, ...]


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """``seen`` stands for the open steps as they are. ``closed_on``: when it was closed, None while it is not."""

    workflow_id: int
    plan_id: int
    name: Text
    closed_on: date | None
    steps: tuple[OpenStep, ...]
    tally: Tally
    seen: str

    @property
    def suggested(self) -> dict[Disposition, int]:
        """How many steps each suggestion concerns."""
        return dict(Counter(step.suggested for step in self.steps))


@dataclass(frozen=True, slots=True)
class YearPage:
    """``workflows``: those whose cycle begins in the calendar year, closed ones included."""

    plan_id: int
    number: str
    year: int
    years: tuple[int, ...]
    workflows: tuple[ClosingPage, ...]

    @property
    def to_close(self) -> tuple[ClosingPage, ...]:
        """Those that are not closed yet."""
        return tuple(page for page in self.workflows if page.closed_on is None)


def closing_page(db: Database, viewer: Actor, workflow_id: int, now: Now) -> ClosingPage:
    """The preview of closing one workflow. Raises NotFound, Refused (not the standing agency)."""
    may_close(viewer)
    with db.snapshot() as connection:
        row = sql.workflow_row(connection, workflow_id)
        if row is None:
            raise NotFound()
        return _pages(connection, viewer, [row], now)[0]


def year_page(db: Database, viewer: Actor, plan_id: int, now: Now, *, year: int | None = None) -> YearPage:
    """The preview of closing a calendar year (last year's by default, within the plan). Raises NotFound, Refused."""
    may_close(viewer)
    with db.snapshot() as connection:
        plan = next((p for p in plan_sql.plans(connection, viewer) if p.id == plan_id), None)
        if plan is None:
            raise NotFound()
        years = tuple(range(plan.from_on.year, max(plan.to_on.year, now.today.year) + 1))
        chosen = min(max(year or now.today.year - 1, years[0]), years[-1])
        rows = sql.of_year(connection, plan_id, date(chosen, 1, 1), date(chosen, 12, 31))
        return YearPage(plan.id, plan.number, chosen, years, _pages(connection, viewer, rows, now))


def _pages(connection: Connection, viewer: Actor, rows: Sequence[Any], now: Now) -> tuple[ClosingPage, ...]:
    ids = [row["id"] for row in rows]
    steps: dict[int, list[Any]] = {id_: [] for id_ in ids}
    for step in sql.open_steps(connection, ids) if ids else ():
        steps[step["workflow_id"]].append(step)
    counted = tallies.by_workflow(connection, viewer, rows[0]["plan_id"], now, ids) if rows else {}
    return tuple(_page(connection, row, steps[row["id"]], counted.get(row["id"], Tally()), now) for row in rows)


def _page(connection: Connection, row: Any, steps: Sequence[Any], tally: Tally, now: Now) -> ClosingPage:
    workflow, hidden = workflow_of(connection, row), row["confidential"]
    following = sql.next_cycle_steps(connection, row) if steps else {}
    found = []
    for step in (from_row(stored) for stored in steps):
        choices = tuple(d for d in Disposition if d is not Disposition.NEXT or (step.code, step.slot) in following)
        title = naming.step_title(workflow, step.code, confidential=hidden)
        number = naming.step_number(workflow, step.code)
        suggested = suggestion(step, now.today)
        found.append(OpenStep(step.id, number, title, step.lead, step.status, step.due_on, suggested, choices))
    name = naming.workflow_name(workflow, row["cycle"], confidential=hidden)
    closed_at = row["closed_at"]
    return ClosingPage(
        row["id"], row["plan_id"], name, local_day(closed_at) if closed_at else None, tuple(found), tally, seen_of(steps)
    )  # fmt: skip
