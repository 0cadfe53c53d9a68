"""What an account's units have to do, to decide and to wait for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, bindparam, case, exists, false, func, or_, select, true

from engine.access import Actor
from engine.instants import Now
from engine.statuses import WITH_UNIT, WorkStatus
from engine.transitions import Action
from models.reading.lines import StepRow, fetch, step_lines
from models.reading.marks import UNFINISHED, overdue
from models.tables import journal_entry, participation, step
from models.visible import visible

S = WorkStatus
WORKING = sorted(WITH_UNIT)
KEPT = 32  # readers: those of the last minutes, for one takes 170 KB
# Their statements are kept, with these as parameters: making and keying them takes as long as the database does.
_MOST, _SINCE = bindparam("most", type_=Integer), bindparam("since", type_=step.c.done_on.type)
_AT = bindparam("at", type_=step.c.due_at.type)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # before every date: naming one lets the partial index serve


class Handled(StrEnum):
    """Which of a unit's own steps are wanted: by who handles them."""

    ALL = ""
    MINE = "me"
    NOBODYS = "nobody"


def _led(actor: Actor) -> ColumnElement[bool]:
    return step.c.lead.in_(sorted(actor.units)) if actor.units else false()


def _by(handled: Handled, actor: Actor) -> ColumnElement[bool]:
    """Whether a step is among those ``handled`` asks for; a deputy's are also those of whom they stand in for."""
    if handled is Handled.MINE:
        return step.c.handler.in_(sorted(actor.persons))
    return step.c.handler.is_(None) if handled is Handled.NOBODYS else true()


def to_do(connection: Connection, actor: Actor, limit: int, handled: Handled = Handled.ALL) -> tuple[StepRow, ...]:
    """Steps whose clock runs with the units of ``actor``, the most urgent first."""
    return fetch(connection, _to_do(actor, handled), {"most": limit})


@lru_cache(maxsize=KEPT)
def _to_do(actor: Actor, handled: Handled) -> Select[Any]:
    query = step_lines(actor).where(UNFINISHED, _led(actor), _by(handled, actor), step.c.status.in_(WORKING))
    return query.order_by(step.c.due_at.nulls_last(), step.c.id).limit(_MOST)


def waiting(connection: Connection, actor: Actor, limit: int, handled: Handled = Handled.ALL) -> tuple[StepRow, ...]:
    """Steps of the units of ``actor`` that wait for somebody or something else, the nearest first."""
    return fetch(connection, _waiting(actor, handled), {"most": limit})


@lru_cache(maxsize=KEPT)
def _waiting(actor: Actor, handled: Handled) -> Select[Any]:
    day = func.coalesce(step.c.due_on, step.c.planned_on)
    query = step_lines(actor).where(UNFINISHED, _led(actor), _by(handled, actor), step.c.status.not_in(WORKING))
    return query.order_by(day.nulls_last(), step.c.id).limit(_MOST)


def recently_done(connection: Connection, actor: Actor, since: date, limit: int, handled: Handled = Handled.ALL) -> tuple[StepRow, ...]:
    """Steps of the units of ``actor`` done on the day ``since`` or later, the latest first."""
    return fetch(connection, _recently_done(actor, handled), {"since": since, "most": limit})


@lru_cache(maxsize=KEPT)
def _recently_done(actor: Actor, handled: Handled) -> Select[Any]:
    query = step_lines(actor).where(_led(actor), _by(handled, actor), step.c.status == S.DONE, step.c.done_on >= _SINCE)
    return query.order_by(step.c.done_on.desc(), step.c.id).limit(_MOST)


def submitted(connection: Connection, actor: Actor, limit: int) -> tuple[StepRow, ...]:
    """Submitted steps that the units of ``actor`` approve in some link; whose turn it is follows from the definition."""
    return fetch(connection, _submitted(actor), {"most": limit}) if actor.units else ()


@lru_cache(maxsize=KEPT)
def _submitted(actor: Actor) -> Select[Any]:
    units = sorted(actor.units)
    approves = exists().where(participation.c.step_id == step.c.id, participation.c.unit.in_(units), participation.c.relation == "approver")
    query = step_lines(actor).where(
        UNFINISHED, step.c.approval_due_at > LONG_AGO, step.c.status == S.SUBMITTED, or_(step.c.clock_holder.in_(units), approves)
    )
    return query.order_by(step.c.approval_due_at, step.c.id).limit(_MOST)


def undecided(connection: Connection, actor: Actor, limit: int) -> tuple[StepRow, ...]:
    """Steps on which the standing agency owes an answer: refused by their unit, or with a request for more time."""
    return fetch(connection, _undecided(actor), {"most": limit})


@lru_cache(maxsize=KEPT)
def _undecided(actor: Actor) -> Select[Any]:
    query = step_lines(actor).where(UNFINISHED, or_(step.c.status == S.REFUSED, step.c.extension.is_not(None)))
    return query.order_by(step.c.due_at.nulls_last(), step.c.id).limit(_MOST)


def counts(connection: Connection, actor: Actor, handled: Handled, now: Now) -> dict[str, int]:
    """How many unfinished steps of the units of ``actor`` are "working", of these "overdue", and "waiting", among those
    that ``handled`` asks for; and how many of them there are for each value of `Handled`, by its name."""
    return dict(connection.execute(_counts(actor, handled), {"at": now.business}).mappings().one())


@lru_cache(maxsize=KEPT)
def _counts(actor: Actor, handled: Handled) -> Select[Any]:
    wanted, working = _by(handled, actor), step.c.status.in_(WORKING)
    told = {"overdue": and_(working, overdue(_AT)), "working": working, "waiting": ~working}
    columns = [*(_sum(name, and_(wanted, condition)) for name, condition in told.items()), *(_sum(h.name, _by(h, actor)) for h in Handled)]
    return visible(select(*columns).select_from(step).where(UNFINISHED, _led(actor)), actor)


def last_returns(connection: Connection, actor: Actor, step_ids: Iterable[int]) -> dict[int, tuple[datetime, str]]:
    """When and why each of the steps was last handed back."""
    ids = list(step_ids)
    if not ids:
        return {}
    query = select(journal_entry.c.step_id, journal_entry.c.at, journal_entry.c.text).where(
        journal_entry.c.step_id.in_(ids), journal_entry.c.action == Action.RETURN
    )
    return {row.step_id: (row.at, row.text or "") for row in connection.execute(visible(query, actor).order_by(journal_entry.c.seq))}


def _sum(name: str, condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)
