"""Counts of steps for the official 2×2, grouped and summed by the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select

from engine.access import Actor
from engine.instants import Now
from engine.rollup import Tally, administrative_months, administrative_year_of
from engine.statuses import PASSED
from models.reading.marks import COUNTS, belongs_to_day, part, tally_columns
from models.tables import step, workflow
from models.visible import STEPS_OF_WORKFLOWS, visible

BEFORE = 0  # the month of what an earlier period left undone
Counts = tuple[int, ...]  # the fields of a `Tally`; making one for each of many thousand takes longer than counting them


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included."""

    first: date
    last: date

    @property
    def months(self) -> tuple[tuple[date, date], ...]:
        """The administrative months of the year that ends with the period."""
        return administrative_months(administrative_year_of(self.last))

    def month(self, day: date) -> int:
        """The number of the month in which ``day`` falls, from 1; `BEFORE` for what lies before the period."""
        return next((n for n, (_, last) in enumerate(self.months, 1) if day <= last), len(self.months)) if day >= self.first else BEFORE


def seqs(connection: Connection, actor: Actor, plan_id: int) -> dict[int, int]:
    """The last journal number of every workflow of the plan: where it has not moved, no count has."""
    query = visible(select(workflow.c.id, workflow.c.seq).where(workflow.c.plan_id == plan_id), actor)
    return dict(connection.execute(query).tuples().all())


def moved(connection: Connection, actor: Actor, plan_id: int) -> tuple[int, int]:
    """(number of the plan's workflows, sum of their last journal numbers): where neither has changed, no journal has moved."""
    query = select(func.count(), func.coalesce(func.sum(workflow.c.seq), 0)).where(workflow.c.plan_id == plan_id)
    found = connection.execute(visible(query, actor)).one()
    return found[0], found[1]


def by_workflow_and_lead(
    connection: Connection, actor: Actor, plan_id: int, period: Period, now: Now, workflow_ids: Collection[int] | None = None
) -> list[tuple[int, str, str, Counts]]:
    """(workflow id, part, lead, counts) of the steps of the period and of what earlier ones left undone; in all workflows or in some."""
    query = _in_period((workflow.c.id, part().label("part"), step.c.lead), period, now).where(workflow.c.plan_id == plan_id)
    if workflow_ids is not None:
        query = query.where(workflow.c.id.in_(workflow_ids))
    return [(row[0], row[1], row[2], tuple(row[3:])) for row in connection.execute(visible(query, actor)).all()]


def by_workflow_and_month(
    connection: Connection, actor: Actor, plan_id: int, period: Period, now: Now, workflow_ids: Collection[int] | None = None
) -> list[tuple[int, int, Counts]]:
    """(workflow id, month, counts) of the same steps, by the month in which they are due."""
    day = belongs_to_day()
    ends = [(day <= last, literal(n)) for n, (_, last) in enumerate(period.months, 1)]
    month = case((day < period.first, literal(BEFORE)), *ends, else_=literal(len(ends))).label("month")
    query = _in_period((workflow.c.id, month), period, now).where(workflow.c.plan_id == plan_id)
    if workflow_ids is not None:
        query = query.where(workflow.c.id.in_(workflow_ids))
    return [(row[0], row[1], tuple(row[2:])) for row in connection.execute(visible(query, actor)).all()]


def by_workflow(connection: Connection, actor: Actor, plan_id: int, now: Now, workflow_ids: Collection[int]) -> dict[int, Tally]:
    """The tally of each of the workflows, whatever the period."""
    return _grouped(connection, actor, now, workflow.c.id, workflow.c.plan_id == plan_id, workflow.c.id.in_(workflow_ids))


def by_key_task(connection: Connection, actor: Actor, plan_id: int, now: Now) -> dict[str, Tally]:
    """The tally of each part (see `part`) of the whole plan."""
    return _grouped(connection, actor, now, part(), workflow.c.plan_id == plan_id)


def of_unit(connection: Connection, actor: Actor, unit: str, now: Now) -> dict[str, Tally]:
    """The tally of what ``unit`` leads now, by part (see `part`)."""
    return _grouped(connection, actor, now, part(), step.c.lead == unit)


def _grouped(connection: Connection, actor: Actor, now: Now, by: ColumnElement[Any], *conditions: ColumnElement[bool]) -> dict[Any, Tally]:
    query = select(by.label("by"), *tally_columns(now)).select_from(STEPS_OF_WORKFLOWS).where(COUNTS, *conditions).group_by(by)
    return {of: Tally(*counts) for of, *counts in connection.execute(visible(query, actor))}


def in_period(period: Period) -> ColumnElement[bool]:
    """Steps that belong to the period by their day, and unfinished ones of earlier periods."""
    return or_(belongs_to_day().between(period.first, period.last), _left_over(period))


def _left_over(period: Period) -> ColumnElement[bool]:
    """What an earlier period left to be done; what was closed there stays there."""
    return and_(belongs_to_day() < period.first, step.c.status.not_in(sorted(PASSED)), step.c.closed_on.is_(None))


def _in_period(by: tuple[ColumnElement[Any], ...], period: Period, now: Now) -> Select[Any]:
    carried = func.sum(case((_left_over(period), 1), else_=0)).label("carried")
    query: Select[Any] = select(*by, *tally_columns(now), carried).select_from(STEPS_OF_WORKFLOWS)
    return query.where(COUNTS, in_period(period)).group_by(*by)
