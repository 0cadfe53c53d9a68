"""The supervisors' page: how it stands, where it is late, who must move next, what falls due soon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from engine.access import Actor
from engine.assignment import AD_HOC
from engine.compiled import CompiledWorkflow
from engine.definition import Text
from engine.errors import NotFound
from engine.instants import Now, end_of_day
from engine.rollup import Tally, administrative_year, administrative_year_of, total
from models.database import Database
from models.reading import overview as sql
from models.reading import plans as plan_sql
from models.reading.plans import PlanRow
from models.reading.tallies import Period
from services.as_of import Past
from services.definitions import plan_of, workflow_of
from services.queries import naming, tallies
from services.queries.as_of import counted_as_of
from services.queries.movers import Mover, movers
from services.queries.trend import Month, trend

MOST_UNITS = 24  # rows of the heat map; the rest is summed
MOST_DAYS = 10
MOST_THINGS = 4  # of one day
SOON = timedelta(days=14)
Cells = dict[tuple[str, str], Tally]


@dataclass(frozen=True, slots=True)
class Column:
    """A key task of the heat map; what belongs to none has no ``id``: plan-level work ("") and ad-hoc assignments (`AD_HOC`).

    ``late``: its overdue steps.
    """

    code: str
    id: int | None
    title: Text
    late: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A unit with its tally per column, None where it leads nothing. ``unit`` is "" for all the units that have no row."""

    unit: str
    cells: tuple[Tally | None, ...]
    late: int


@dataclass(frozen=True, slots=True)
class DueThing:
    """``units``: one or two of them by code, none where there are more."""

    title: Text
    place: Text
    workflow_id: int
    steps: int
    leads: int
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueDay:
    """``more``: things that are not listed."""

    day: date
    steps: int
    things: tuple[DueThing, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Overview:
    """``year`` is administrative (15/12 to 14/12), ``years`` those of the plan. ``hidden``: units summed in the last row."""

    plan: PlanRow
    plans: tuple[PlanRow, ...]
    year: int
    years: tuple[int, ...]
    first: date
    last: date
    tally: Tally
    columns: tuple[Column, ...]
    rows: tuple[HeatRow, ...]
    hidden: int
    movers: tuple[Mover, ...]
    more_movers: bool
    days: tuple[DueDay, ...]
    months: tuple[Month, ...]


def overview(
    db: Database, viewer: Actor, now: Now, *, plan_id: int | None = None, year: int | None = None, past: Past | None = None
) -> Overview | None:
    """The overview of one plan (the latest by default) in one administrative year (the present one by default, within the plan).

    ``past``: counted as it stood then; who must move next and what falls due are told of the present only.

    None where ``viewer`` knows of no plan; raises NotFound for a plan that is none or not theirs.
    """
    with db.read() as connection:
        plans = plan_sql.plans(connection, viewer)
        if not plans:
            return None
        plan = plans[0] if plan_id is None else next((p for p in plans if p.id == plan_id), None)
        if plan is None:
            raise NotFound()
        years = _years(plan)
        chosen = min(max(year or administrative_year_of(past.day if past else now.today), years[0]), years[-1])
        first, last = administrative_year(chosen)
        period = Period(first, last)
        counted = (
            counted_as_of(connection, viewer, plan.id, period, past) if past else tallies.counted(connection, viewer, plan.id, period, now)
        )
        cells = counted.cells
        columns = _columns(connection, viewer, plan.id, cells)
        rows = _rows(columns, cells, [unit.code for unit in plan_of(connection, plan.version_id).units])
        next_ones, more = ((), False) if past else movers(connection, viewer, plan.id, now)
        days = () if past else _days(connection, viewer, plan.id, now)
    shown = rows[:MOST_UNITS]
    hidden = rows[MOST_UNITS:]
    return Overview(
        plan=plan,
        plans=plans,
        year=chosen,
        years=years,
        first=first,
        last=last,
        tally=total(cells.values()),
        columns=columns,
        rows=(*shown, *((_rest(columns, hidden),) if hidden else ())),
        hidden=len(hidden),
        movers=next_ones,
        more_movers=more,
        days=days,
        months=trend(period, counted.months, past.day if past else now.today),
    )


def _years(plan: PlanRow) -> tuple[int, ...]:
    return tuple(range(administrative_year_of(plan.from_on), administrative_year_of(plan.to_on) + 1))


def _columns(connection: Connection, viewer: Actor, plan_id: int, cells: Cells) -> tuple[Column, ...]:
    late: dict[str, int] = {}
    for (key_task, _), tally in cells.items():
        late[key_task] = late.get(key_task, 0) + tally.overdue
    columns = [Column(k.code, k.id, k.title, late.get(k.code, 0)) for k in plan_sql.key_tasks(connection, viewer, plan_id)]
    beside = (("", Text("Việc chung của kế hoạch", "Plan-level work")), (AD_HOC, Text("Việc đột xuất", "Ad-hoc assignments")))
    columns += [Column(code, None, title, late[code]) for code, title in beside if code in late]
    return tuple(columns)


def _rows(columns: tuple[Column, ...], cells: Cells, order: Sequence[str]) -> list[HeatRow]:
    """One row per unit, the one with the most overdue steps first; equal ones in the plan's ``order``."""
    rows = []
    places = {code: place for place, code in enumerate(order)}
    for unit in sorted({lead for _, lead in cells}, key=lambda code: (places.get(code, len(places)), code)):
        own = tuple(_shown(cells.get((column.code, unit))) for column in columns)
        rows.append(HeatRow(unit, own, sum(t.overdue for t in own if t)))
    return sorted(rows, key=lambda row: -row.late)


def _shown(tally: Tally | None) -> Tally | None:
    return tally if tally and tally.total else None


def _rest(columns: tuple[Column, ...], rows: Iterable[HeatRow]) -> HeatRow:
    rows = list(rows)
    sums = [total(t for row in rows if (t := row.cells[n])) for n in range(len(columns))]
    return HeatRow("", tuple(_shown(t) for t in sums), sum(row.late for row in rows))


def _days(connection: Connection, viewer: Actor, plan_id: int, now: Now) -> tuple[DueDay, ...]:
    """The days of the next fortnight on which something falls due."""
    found: dict[date, list[sql.DueThing]] = {}
    for thing in sql.due_between(connection, viewer, plan_id, now.business, end_of_day(now.today + SOON), MOST_THINGS):
        found.setdefault(thing.due_on, []).append(thing)
    return tuple(
        DueDay(day, things[0].of_day, tuple(_thing(_definition(connection, t), t) for t in things), things[0].things_of_day - len(things))
        for day, things in list(found.items())[:MOST_DAYS]
    )


def _thing(workflow: CompiledWorkflow, thing: sql.DueThing) -> DueThing:
    units = tuple(dict.fromkeys((thing.first_lead, thing.last_lead))) if thing.leads <= 2 else ()
    title = naming.step_title(workflow, thing.code, confidential=thing.confidential)
    place = naming.place(workflow, thing.cycle, confidential=thing.confidential)
    return DueThing(title, place, thing.workflow_id, thing.steps, thing.leads, units)


def _definition(connection: Connection, thing: sql.DueThing) -> CompiledWorkflow:
    return workflow_of(connection, {"version_id": thing.version_id, "key_task": thing.key_task, "code": thing.workflow_code})
