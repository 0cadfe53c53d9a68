"""One message with its attempts, and for a person and a step what became of each notice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, Select, and_, or_, select

from models.tables import account, delivery, message, message_notice, notice, step


def one(connection: Connection, message_id: int, account_id: int | None) -> RowMapping | None:
    """A message with its reader's name; of ``account_id`` only, if one is given."""
    query = select(message, account.c.name).join(account, account.c.id == message.c.account_id).where(message.c.id == message_id)
    query = query.where(message.c.account_id == account_id) if account_id is not None else query
    return connection.execute(query).mappings().one_or_none()


def attempts(connection: Connection, message_id: int) -> Sequence[Row[Any]]:
    """Its deliveries, oldest first: at, outcome, code, detail."""
    columns = (delivery.c.at, delivery.c.outcome, delivery.c.code, delivery.c.detail)
    return connection.execute(select(*columns).where(delivery.c.message_id == message_id).order_by(delivery.c.id)).all()


def heard(connection: Connection, step_id: int, account_id: int) -> Sequence[Row[Any]]:
    """Every notice about a step, those of its whole fan-out too, newest first, with what became of it for the account.

    kind, rung, business_at, state, reason, urgency; ``told`` (None: nothing), ``message_id``, ``message_state``, ``message_reason``.
    """
    columns = (notice.c.kind, notice.c.rung, notice.c.business_at, notice.c.state, notice.c.reason, notice.c.urgency)
    of_its_fan_out = and_(
        notice.c.step_id.is_(None), notice.c.workflow_id == step.c.workflow_id, notice.c.step_code == step.c.code,
        notice.c.seq == step.c.opened_seq,
    )  # fmt: skip
    query: Select[Any] = (
        select(
            *columns, message_notice.c.state.label("told"), message.c.id.label("message_id"), message.c.state.label("message_state"),
            message.c.reason.label("message_reason"),
        )
        .join_from(
            notice, message_notice, and_(message_notice.c.notice_id == notice.c.id, message_notice.c.account_id == account_id), isouter=True
        )
        .join(message, message.c.id == message_notice.c.message_id, isouter=True)
        .join(step, step.c.id == step_id)
        .where(or_(notice.c.step_id == step_id, of_its_fan_out))
    )  # fmt: skip
    return connection.execute(query.order_by(notice.c.id.desc()).limit(50)).all()
