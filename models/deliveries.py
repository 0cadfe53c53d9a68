"""Statements of delivery. Each changes only rows that are still in the state it expects, so that two who deliver at once never share one.

pending -> sending (claimed, with a lease) -> sent | refused | ambiguous | pending (later); ambiguous -> pending (sent once more).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, case, func, insert, literal, or_, select, true, update

from models.notices import UNSENT
from models.tables import account, delivery, message, message_notice, preference

_NAMES = ("id", "key", "kind", "account_id", "language", "urgency", "message_id", "subject", "data", "attempts", "lost", "lease_until")
CLAIMED = tuple(message.c[name] for name in _NAMES)
_ORDER = (case((message.c.urgency == "urgent", 0), (message.c.urgency == "immediate", 1), else_=2), message.c.id)


def _may_leave(at: datetime, *, all_urgencies: bool, minute: int | None) -> ColumnElement[bool]:
    """What may be claimed at ``at`` (system time). The text stands as in the partial index, or SQLite would not use it.

    ``minute``: which of the local day it is in business time; whoever wants no mail then is left for later, but for what is urgent.
    """
    urgent = message.c.urgency == "urgent"
    urgency = true() if all_urgencies else urgent
    if all_urgencies and minute is not None:
        quiet = select(preference.c.account_id).where(or_(preference.c.open_from > minute, preference.c.open_to < minute))
        urgency = or_(urgent, message.c.account_id.not_in(quiet))
    return and_(UNSENT, message.c.state == "pending", message.c.next_try_at <= at, urgency)


def any_due(connection: Connection, at: datetime, *, all_urgencies: bool, minute: int | None = None) -> bool:
    """Whether a message may leave at ``at``, or a lease has run out, or an ambiguous one may be sent again."""
    expired = and_(message.c.state == "sending", message.c.lease_until <= at)
    again = and_(message.c.state == "ambiguous", message.c.next_try_at <= at, message.c.lost <= 1)
    query = select(message.c.id).where(UNSENT, or_(_may_leave(at, all_urgencies=all_urgencies, minute=minute), expired, again)).limit(1)
    return connection.execute(query).first() is not None


def any_claimable(connection: Connection, at: datetime, *, all_urgencies: bool, minute: int | None = None) -> bool:
    """Whether a message may leave at ``at``."""
    query = select(message.c.id).where(_may_leave(at, all_urgencies=all_urgencies, minute=minute)).limit(1)
    return connection.execute(query).first() is not None


def expire_leases(connection: Connection, at: datetime) -> list[int]:
    """sending -> ambiguous where the lease has run out: whoever held it did not live to say what came of it. The ids."""
    expired = update(message).where(UNSENT, message.c.state == "sending", message.c.lease_until <= at)
    changed = expired.values(state="ambiguous", reason="lease-expired", lost=message.c.lost + 1, lease_until=None, next_try_at=at)
    ids = list(connection.execute(changed.returning(message.c.id)).scalars())
    add_deliveries(connection, [{"message_id": i, "at": at, "outcome": "ambiguous", "code": None, "detail": "lease expired"} for i in ids])
    return ids


def send_again(connection: Connection, at: datetime) -> None:
    """ambiguous -> pending, once per message."""
    once = and_(UNSENT, message.c.state == "ambiguous", message.c.lost <= 1, message.c.next_try_at <= at)
    connection.execute(update(message).where(once).values(state="pending", reason="sent-again"))


def claim(
    connection: Connection, at: datetime, lease_until: datetime, *, all_urgencies: bool, limit: int, minute: int | None = None
) -> list[int]:
    """pending -> sending for the next ``limit`` messages; their ids. Rows that another is claiming are passed over."""
    due = select(message.c.id).where(_may_leave(at, all_urgencies=all_urgencies, minute=minute)).order_by(*_ORDER).limit(limit)
    ids = list(connection.execute(due.with_for_update(skip_locked=True)).scalars())
    if ids:
        taken = update(message).where(message.c.id.in_(ids), message.c.state == "pending")
        connection.execute(taken.values(state="sending", lease_until=lease_until, attempts=message.c.attempts + 1))
    return ids


def claimed(connection: Connection, ids: Iterable[int], today: date) -> list[RowMapping]:
    """Claimed messages with their reader's present name and address; ``works``: still an active account on ``today``."""
    works = and_(account.c.active, or_(account.c.left_on.is_(None), account.c.left_on > today))
    query = (
        select(*CLAIMED, account.c.name, account.c.address, works.label("works"))
        .join(account, account.c.id == message.c.account_id)
        .where(message.c.id.in_(list(ids)))
        .order_by(*_ORDER)
    )
    return list(connection.execute(query).mappings())


_SETTLE = (
    update(message)
    .where(message.c.id == bindparam("id_"), message.c.state == "sending", message.c.lease_until == bindparam("lease"))
    .values(
        {name: bindparam(f"{name}_") for name in ("state", "reason", "next_try_at", "sent_at", "subject", "data")}
        | {"lease_until": None, "attempts": message.c.attempts - bindparam("untried"), "lost": message.c.lost + bindparam("lost_")}
    )
)
_TAKEN = (
    update(message)
    .where(message.c.id == bindparam("id_"), UNSENT)
    .values(state="sent", reason="", lease_until=None, sent_at=bindparam("sent_at_"))
)


def settle(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """sending -> what came of it, where our lease still holds. A server's word that it took a message counts also after the lease."""
    if not rows or connection.execute(_SETTLE, rows).rowcount == len(rows):
        return
    taken = [{"id_": row["id_"], "sent_at_": row["sent_at_"]} for row in rows if row["state_"] == "sent"]
    if taken:
        connection.execute(_TAKEN, taken)


def cancel_claimed(connection: Connection, ids: Iterable[int], reason: str) -> None:
    """sending -> cancelled: between claiming and sending it was seen that nothing need be said."""
    changed = update(message).where(message.c.id.in_(list(ids)), message.c.state == "sending")
    connection.execute(changed.values(state="cancelled", reason=reason, lease_until=None, attempts=message.c.attempts - 1))


def drop_told(connection: Connection, message_id: int, notice_ids: Iterable[int], state: str) -> None:
    """What a message was to carry and will not: carried -> ``state``."""
    where = (message_notice.c.message_id == message_id, message_notice.c.notice_id.in_(list(notice_ids)))
    connection.execute(update(message_notice).where(*where).values(state=state))


def add_deliveries(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """One row per attempt."""
    if rows:
        connection.execute(insert(delivery), rows)


def send_all(connection: Connection, at: datetime, sent_at: datetime, *, all_urgencies: bool, minute: int | None = None) -> int:
    """pending -> sent for everything that may leave, without a way out: for replays. How many."""
    due = and_(_may_leave(at, all_urgencies=all_urgencies, minute=minute))
    attempt = select(message.c.id, literal(at, delivery.c.at.type), literal("sent"), literal("")).where(due)
    connection.execute(insert(delivery).from_select(["message_id", "at", "outcome", "detail"], attempt))
    changed = update(message).where(due).values(state="sent", sent_at=sent_at, attempts=message.c.attempts + 1)
    return int(connection.execute(changed).rowcount)


def waiting(connection: Connection) -> int:
    """How many messages have not left and may still."""
    return int(connection.execute(select(func.count()).select_from(message).where(UNSENT, message.c.state != "ambiguous")).scalar_one())
