"""What a person may read: the one function through which every query on plans, workflows and steps goes.

The standing agency, supervisors and auditors read everything. A unit knows only the workflows in which it takes part; there it reads in
full the steps that it leads, coordinates, approves or has held (table ``participation``), and of the others title, unit, status and dates.
All else does not exist for it: the same answer as for a number that was never given out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Alias, ColumnElement, Connection, FromClause, Join, Select, Table, exists, false, literal_column, select, true

from engine.access import Actor
from models.tables import attachment, deadline, journal_entry, key_task, participation, plan, round_, step, workflow

Query = TypeVar("Query", bound=Select[Any])
STEPS_OF_WORKFLOWS: Join = step.join(workflow, workflow.c.id == step.c.workflow_id)
_ONE: ColumnElement[int] = literal_column("1")
Rule = Callable[[FromClause, Actor], ColumnElement[bool]]


def visible(query: Query, actor: Actor) -> Query:
    """``query`` narrowed to what ``actor`` may know of.

    Each table it reads from (aliases too, subqueries not: narrow those themselves) is narrowed by its rule below: plans, key tasks,
    workflows and steps by taking part; journal entries, rounds, files and deadline ledgers by full reading of their step. For whom
    something is narrowed, raises ValueError where it reads from none of them, since the call would then promise what it does not do.
    """
    if actor.reads_everything:
        return query
    found = [(RULES[table], reading) for from_ in _froms(query) for table, reading in _tables(from_) if table in RULES]
    if not found:
        raise ValueError("this query reads from no table that visible() guards")
    for rule, reading in found:
        query = query.where(rule(reading, actor))
    return query


def _froms(query: Select[Any]) -> Iterable[FromClause]:
    """What ``query`` reads from. Working that out compiles it: without its columns, which may be many, that costs a tenth."""
    return query.with_only_columns(_ONE, maintain_column_froms=True).get_final_froms()


def knows_step(connection: Connection, step_id: int, actor: Actor) -> bool:
    """Whether the step exists for ``actor`` at all."""
    return connection.execute(visible(select(step.c.id).where(step.c.id == step_id), actor)).first() is not None


def in_full(actor: Actor, steps: FromClause = step) -> ColumnElement[bool]:
    """Whether ``actor`` reads the step of a row of ``steps`` in full; for the column list of a query, or for its WHERE."""
    return true() if actor.reads_everything else _in_full(steps.c.id, actor)


def in_full_each(actor: Actor) -> ColumnElement[bool]:
    """`in_full` for the column list of a page's rows of ``step``, looked up row by row.

    For an EXISTS there PostgreSQL may read all that the units take part in, to answer for fifty rows.
    """
    if actor.reads_everything:
        return true()
    return select(_ONE).where(participation.c.step_id == step.c.id, _of_units(actor)).limit(1).scalar_subquery().is_not(None)


def _of_units(actor: Actor) -> ColumnElement[bool]:
    return participation.c.unit.in_(sorted(actor.units)) if actor.units else false()


def _takes_part(workflow_id: ColumnElement[int], actor: Actor) -> ColumnElement[bool]:
    return exists().where(participation.c.workflow_id == workflow_id, _of_units(actor))


def _in_full(step_id: ColumnElement[int], actor: Actor) -> ColumnElement[bool]:
    return exists().where(participation.c.step_id == step_id, _of_units(actor))


def _key_task(reading: FromClause, actor: Actor) -> ColumnElement[bool]:
    return exists().where(_of_plan.c.plan_id == reading.c.plan_id, _of_plan.c.key_task == reading.c.code, _takes_part(_of_plan.c.id, actor))


def _plan(reading: FromClause, actor: Actor) -> ColumnElement[bool]:
    return exists().where(_of_plan.c.plan_id == reading.c.id, _takes_part(_of_plan.c.id, actor))


def _detail(reading: FromClause, actor: Actor) -> ColumnElement[bool]:
    return _in_full(reading.c.step_id, actor)


_of_plan = workflow.alias("of_plan")  # an alias, so that a query which itself reads workflows does not bind it
RULES: dict[FromClause, Rule] = {
    plan: _plan,
    key_task: _key_task,
    workflow: lambda reading, actor: _takes_part(reading.c.id, actor),
    step: lambda reading, actor: _takes_part(reading.c.workflow_id, actor),
    journal_entry: _detail,
    deadline: _detail,
    round_: _detail,
    attachment: _detail,
}


def _tables(from_: FromClause) -> Iterator[tuple[Table, FromClause]]:
    """Every table in a FROM with the thing (itself or its alias) that the query reads it by."""
    if from_ is STEPS_OF_WORKFLOWS:
        yield step, step  # of its workflow the same is asked, and planning it twice takes PostgreSQL a millisecond
    elif isinstance(from_, Join):
        yield from _tables(from_.left)
        yield from _tables(from_.right)
    elif isinstance(from_, Alias) and isinstance(from_.element, Table):
        yield from_.element, from_
    elif isinstance(from_, Table):
        yield from_, from_
