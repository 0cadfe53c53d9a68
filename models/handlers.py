"""Who handles a step: whom its lead unit can name, and letting go of those who do not belong to it any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select, update

from engine.step_state import NO_HANDLER
from models.steps import UNFINISHED
from models.tables import account, membership, step

STAYS = and_(account.c.active, account.c.left_on.is_(None))  # whoever has a last day has handed everything over
_PLACED = membership.join(account, account.c.id == membership.c.account_id)
_COLLEAGUES: Select[Any] = select(account.c.id, account.c.login, account.c.name, membership.c.unit).select_from(_PLACED).where(STAYS)


def colleagues(connection: Connection, units: Collection[str]) -> Sequence[Row[Any]]:
    """(id, login, name, unit) of everybody whom one of ``units`` can name, by name."""
    query = _COLLEAGUES.where(membership.c.unit.in_(sorted(units)))
    return connection.execute(query.order_by(account.c.name, account.c.id, membership.c.unit)).all()


def to_name(connection: Connection, unit: str) -> dict[str, int]:
    """Those of one unit, by sign-in name; none of them can leave it before the transaction ends.

    Without the lock somebody who leaves at this very moment could stay the handler: `let_go`, in that other transaction, cannot see a name
    that is not stored yet.
    """
    query = _COLLEAGUES.where(membership.c.unit == unit).order_by(account.c.id).with_for_update(read=True)
    return {row.login: row.id for row in connection.execute(query)}


def pass_on(connection: Connection, old: int, new: int, at: datetime) -> None:
    """The unfinished steps that ``old`` handles, ``new`` handles from ``at`` on."""
    connection.execute(update(step).where(UNFINISHED, step.c.handler == old).values(handler=new, handled_since=at))


def let_go(connection: Connection) -> None:
    """Nobody handles a step any more whose handler does not work in its lead unit, or is about to leave.

    It looks at what is, not at what happened: whatever takes people or steps elsewhere calls it, last; twice is harmless.
    """
    connection.execute(update(step).where(step.c.handler.is_not(None), ~_belongs()).values(NO_HANDLER))


def strangers(connection: Connection) -> Sequence[Row[Any]]:
    """(id, workflow_id, code, slot, lead, handler) of the steps of which `let_go` would let go."""
    columns = (step.c.id, step.c.workflow_id, step.c.code, step.c.slot, step.c.lead, step.c.handler)
    return connection.execute(select(*columns).where(step.c.handler.is_not(None), ~_belongs()).order_by(step.c.id)).all()


def _belongs() -> ColumnElement[bool]:
    placed = select(account.c.id).select_from(_PLACED).where(account.c.id == step.c.handler, membership.c.unit == step.c.lead, STAYS)
    return placed.correlate(step).exists()
