"""Deputies as rows: those that stand, those of a day, and the colleagues among whom one is chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    false,
    insert,
    or_,
    select,
    update,
)

from models.reading.accounts import works
from models.tables import account, deputy, membership, plan

_away, _deputy = account.alias("away"), account.alias("standing_in")


def in_force(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether a deputy counts on ``today``. Who has left neither stands in nor is stood in for."""
    return and_(deputy.c.ended == false(), deputy.c.from_on <= today, deputy.c.to_on >= today)


def add(connection: Connection, values: dict[str, Any]) -> int:
    """Insert a deputy; its number."""
    return int(connection.execute(insert(deputy).values(values).returning(deputy.c.id)).scalar_one())


def end(connection: Connection, ids: Collection[int]) -> None:
    """These deputies no longer count."""
    connection.execute(update(deputy).where(deputy.c.id.in_(list(ids))).values(ended=True))


def one(connection: Connection, deputy_id: int) -> Row[Any] | None:
    """A deputy that has not been ended; None if there is none."""
    return connection.execute(select(deputy).where(deputy.c.id == deputy_id, deputy.c.ended == false())).one_or_none()


def standing(connection: Connection, since: date) -> Sequence[Row[Any]]:
    """Every deputy that counts on ``since`` or later."""
    return connection.execute(select(deputy).where(deputy.c.ended == false(), deputy.c.to_on >= since).order_by(deputy.c.id)).all()


def named(connection: Connection, since: date, accounts: Collection[int]) -> Sequence[Row[Any]]:
    """Those of `standing` in which one of ``accounts`` is away or stands in, with both names (away, standing_in), the next first."""
    query = _named().where(deputy.c.to_on >= since, or_(deputy.c.account_id.in_(accounts), deputy.c.deputy_id.in_(accounts)))
    return connection.execute(query.order_by(deputy.c.from_on, deputy.c.id)).all()


def for_whom(connection: Connection, account_id: int, today: date) -> Sequence[Row[Any]]:
    """The deputies by which ``account_id`` may act for others on ``today``: both still work here and in the unit.

    Beside the deputy: both names, the ``role`` and ``roles`` of the absent person, and whether the unit is an ``agency``.
    """
    return connection.execute(_for_whom(), {"person": account_id, "today": today}).all()


@cache
def _for_whom() -> Select[Any]:
    """Made once, since every page asks it."""
    own, theirs = membership.alias("own"), membership.alias("theirs")
    person, today = bindparam("person", type_=Integer), bindparam("today", type_=Date)
    query = (
        _named()
        .add_columns(theirs.c.role, _away.c.roles, exists().where(plan.c.standing_agency == deputy.c.unit).label("agency"))
        .join(own, and_(own.c.account_id == deputy.c.deputy_id, own.c.unit == deputy.c.unit))
        .join(theirs, and_(theirs.c.account_id == deputy.c.account_id, theirs.c.unit == deputy.c.unit))
        .where(deputy.c.deputy_id == person, in_force(today), _away.c.active, or_(_away.c.left_on.is_(None), _away.c.left_on > today))
    )
    return query.order_by(deputy.c.id)


def of_the_day(connection: Connection, today: date) -> Sequence[Row[Any]]:
    """(id, account_id, deputy_id, unit) of everybody for whom somebody stands in on ``today``."""
    query = select(deputy.c.id, deputy.c.account_id, deputy.c.deputy_id, deputy.c.unit).where(in_force(today))
    return connection.execute(query.order_by(deputy.c.id)).all()


def colleagues(connection: Connection, units: Collection[str], today: date) -> Sequence[Row[Any]]:
    """(unit, role, id, name, left_on) of everybody who works in ``units`` on ``today``, by unit and name."""
    query = (
        select(membership.c.unit, membership.c.role, account.c.id, account.c.name, account.c.left_on)
        .join(account, account.c.id == membership.c.account_id)
        .where(membership.c.unit.in_(sorted(units)), works(today))
    )
    return connection.execute(query.order_by(membership.c.unit, account.c.name, account.c.id)).all()


def _named() -> Select[Any]:
    return (
        select(deputy, _away.c.name.label("away"), _deputy.c.name.label("standing_in"))
        .join(_away, _away.c.id == deputy.c.account_id)
        .join(_deputy, _deputy.c.id == deputy.c.deputy_id)
        .where(deputy.c.ended == false())
    )
