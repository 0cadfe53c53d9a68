"""Units that have to act and in which nobody can be reached by mail. The cost follows the units without people, not the steps."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Connection, and_, delete, exists, insert, or_, select, update

from engine.statuses import WITH_UNIT
from models.notices import PENDING
from models.reading.accounts import works
from models.steps import UNFINISHED
from models.tables import account, membership, notice, plan, step, unit, unreachable_unit

Pair = tuple[int, str]


def now_unreachable(connection: Connection, today: date) -> dict[Pair, int]:
    """(plan, unit) of every unit that leads an open step of a plan and has nobody with an address; its most urgent such step."""
    somebody = (
        exists()
        .where(membership.c.unit == unit.c.code, membership.c.account_id == account.c.id, account.c.address != "", works(today))
        .correlate(unit)
    )
    alone = select(unit.c.code).where(or_(unit.c.ends_on.is_(None), unit.c.ends_on > today), ~somebody)
    held = and_(UNFINISHED, step.c.lead == unit.c.code, step.c.plan_id == plan.c.id, step.c.status.in_(sorted(WITH_UNIT)))
    first = select(step.c.id).where(held).order_by(step.c.due_at.nulls_last(), step.c.id).limit(1).correlate(unit, plan).scalar_subquery()
    pairs = select(plan.c.id, unit.c.code, first.label("step_id")).join_from(plan, unit, unit.c.code.in_(alone))
    return {(row.id, row.code): row.step_id for row in connection.execute(pairs) if row.step_id is not None}


def known(connection: Connection) -> set[Pair]:
    """The (plan, unit) pairs of which the standing agency was told and that have lasted since."""
    return {(row.plan_id, row.unit) for row in connection.execute(select(unreachable_unit.c.plan_id, unreachable_unit.c.unit))}


def begin(connection: Connection, pair: Pair, at: datetime) -> None:
    """From now on the standing agency knows."""
    connection.execute(insert(unreachable_unit).values(plan_id=pair[0], unit=pair[1], since=at))


def end(connection: Connection, pairs: Collection[Pair]) -> None:
    """Somebody can be reached again, or there is nothing to do: forget it, and what was not yet said of it need not be."""
    for plan_id, code in pairs:
        here = and_(unreachable_unit.c.plan_id == plan_id, unreachable_unit.c.unit == code)
        connection.execute(delete(unreachable_unit).where(here))
        unsaid = and_(PENDING, notice.c.kind == "unreachable", notice.c.plan_id == plan_id, notice.c.unit == code)
        connection.execute(update(notice).where(unsaid).values(state="cancelled", reason="reachable"))
