"""Statements of webhooks: from the journal's new facts to what each webhook is told, and how that goes.

pending -> sending (claimed, with a lease) -> sent | refused | ambiguous | pending (later); ambiguous -> pending (sent once more).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.notices import UNSENT
from models.tables import journal_entry, journal_stream, plan, webhook, webhook_mark, webhook_message, workflow

_ENDS = union_all(
    select((literal("workflow:") + cast(workflow.c.id, String)).label("stream"), workflow.c.seq.label("seq")),
    select(journal_stream.c.name, journal_stream.c.seq),
).subquery("ends")
_told = func.coalesce(webhook_mark.c.seq, 0)
_BEHIND = (
    select(_ENDS.c.stream, _told.label("told"))
    .outerjoin(webhook_mark, webhook_mark.c.stream == _ENDS.c.stream)
    .where(_ENDS.c.seq > _told)
    .order_by(_ENDS.c.stream)
)
_mine = webhook_message.c


def add(connection: Connection, row: dict[str, Any]) -> int:
    """A new webhook; its id."""
    return int(connection.execute(insert(webhook).values(**row, failures=0, trouble="").returning(webhook.c.id)).scalar_one())


def active(connection: Connection) -> list[RowMapping]:
    """The webhooks that are not removed, oldest first."""
    return list(connection.execute(select(webhook).where(webhook.c.removed_at.is_(None)).order_by(webhook.c.id)).mappings())


def one(connection: Connection, webhook_id: int) -> RowMapping | None:
    """A webhook that is not removed."""
    return connection.execute(select(webhook).where(webhook.c.id == webhook_id, webhook.c.removed_at.is_(None))).mappings().one_or_none()


def choose(connection: Connection, webhook_id: int, kinds: list[str]) -> None:
    """It hears of ``kinds`` from now on."""
    connection.execute(update(webhook).where(webhook.c.id == webhook_id).values(kinds=kinds))


def remove(connection: Connection, webhook_id: int, at: datetime) -> None:
    """It hears nothing any more; what was still to leave is cancelled."""
    connection.execute(update(webhook).where(webhook.c.id == webhook_id).values(removed_at=at))
    waiting = update(webhook_message).where(UNSENT, _mine.webhook_id == webhook_id, _mine.state != "sending")
    connection.execute(waiting.values(state="cancelled", reason="webhook-removed"))


def any_behind(connection: Connection) -> bool:
    """Whether a stream has entries that were not looked at."""
    return connection.execute(_BEHIND.limit(1)).first() is not None


def behind(connection: Connection, limit: int) -> list[Row[Any]]:
    """Streams with entries that were not looked at: stream, told."""
    return list(connection.execute(_BEHIND.limit(limit)))


def begin(connection: Connection) -> None:
    """Everything until now counts as told: the first webhook hears of what comes after it."""
    now = [{"stream": row.stream, "seq": row.seq} for row in connection.execute(select(_ENDS.c.stream, _ENDS.c.seq))]
    set_marks(connection, now)


def set_marks(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Streams were told up to ``seq``."""
    if rows:
        made: Any = postgresql_insert(webhook_mark) if connection.dialect.name == "postgresql" else sqlite_insert(webhook_mark)
        connection.execute(made.on_conflict_do_update(index_elements=["stream"], set_={"seq": made.excluded.seq}), rows)


def entries_after(connection: Connection, stream: str, seq: int, limit: int) -> list[Row[Any]]:
    """The next entries of a stream: seq, at, step_id, body."""
    columns = (journal_entry.c.seq, journal_entry.c.at, journal_entry.c.step_id, journal_entry.c.body)
    query = select(*columns).where(journal_entry.c.stream == stream, journal_entry.c.seq > seq)
    return list(connection.execute(query.order_by(journal_entry.c.seq).limit(limit)))


def plan_numbers(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """The numbers of plans by id."""
    return {row.id: row.number for row in connection.execute(select(plan.c.id, plan.c.number).where(plan.c.id.in_(sorted(set(ids)))))}


def add_messages(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Messages to webhooks; one with a known key is left as it is."""
    if rows:
        made: Any = postgresql_insert(webhook_message) if connection.dialect.name == "postgresql" else sqlite_insert(webhook_message)
        connection.execute(made.on_conflict_do_nothing(), rows)


def _may_leave(at: datetime) -> ColumnElement[bool]:
    return and_(UNSENT, _mine.state == "pending", _mine.next_try_at <= at)


def _listens(at: datetime) -> ColumnElement[bool]:
    return and_(webhook.c.removed_at.is_(None), or_(webhook.c.rests_until.is_(None), webhook.c.rests_until <= at))


def ready(connection: Connection, at: datetime) -> list[RowMapping]:
    """Webhooks that do not rest and for which a message may leave at ``at`` (system time)."""
    due = exists().where(_mine.webhook_id == webhook.c.id, _may_leave(at))
    return list(connection.execute(select(webhook).where(_listens(at), due).order_by(webhook.c.id)).mappings())


def any_unsettled(connection: Connection, at: datetime) -> bool:
    """Whether a lease has run out, or an ambiguous message may be sent again."""
    expired = and_(_mine.state == "sending", _mine.lease_until <= at)
    again = and_(_mine.state == "ambiguous", _mine.next_try_at <= at, _mine.lost <= 1)
    return connection.execute(select(_mine.id).where(UNSENT, or_(expired, again)).limit(1)).first() is not None


def expire_leases(connection: Connection, at: datetime) -> int:
    """sending -> ambiguous where the lease has run out; how many."""
    expired = update(webhook_message).where(UNSENT, _mine.state == "sending", _mine.lease_until <= at)
    changed = expired.values(state="ambiguous", reason="lease-expired", lost=_mine.lost + 1, lease_until=None, next_try_at=at)
    return int(connection.execute(changed).rowcount)


def send_again(connection: Connection, at: datetime) -> None:
    """ambiguous -> pending, once per message."""
    once = and_(UNSENT, _mine.state == "ambiguous", _mine.lost <= 1, _mine.next_try_at <= at)
    connection.execute(update(webhook_message).where(once).values(state="pending", reason="sent-again"))


def claim(connection: Connection, webhook_id: int, at: datetime, lease: datetime, limit: int) -> list[RowMapping]:
    """pending -> sending for the next messages of a webhook; rows that another is claiming are passed over."""
    due = select(_mine.id).where(_may_leave(at), _mine.webhook_id == webhook_id).order_by(_mine.id).limit(limit)
    ids = list(connection.execute(due.with_for_update(skip_locked=True)).scalars())
    if not ids:
        return []
    taken = update(webhook_message).where(_mine.id.in_(ids), _mine.state == "pending")
    connection.execute(taken.values(state="sending", lease_until=lease, attempts=_mine.attempts + 1))
    return list(connection.execute(select(webhook_message).where(_mine.id.in_(ids)).order_by(_mine.id)).mappings())


_SETTLE = (
    update(webhook_message)
    .where(_mine.id == bindparam("id_"), _mine.state == "sending", _mine.lease_until == bindparam("lease"))
    .values(
        {name: bindparam(f"{name}_") for name in ("state", "reason", "code", "next_try_at", "sent_at")}
        | {"lease_until": None, "attempts": _mine.attempts - bindparam("untried"), "lost": _mine.lost + bindparam("lost_")}
    )
)


def settle(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """sending -> what came of it, where our lease still holds."""
    if rows:
        connection.execute(_SETTLE, rows)


def rest(connection: Connection, webhook_id: int, failures: int, trouble: str, until: datetime | None) -> None:
    """How the webhook's last attempt went, and until when no other is made."""
    connection.execute(update(webhook).where(webhook.c.id == webhook_id).values(failures=failures, trouble=trouble, rests_until=until))


def waiting(connection: Connection) -> int:
    """How many messages have not left and may still."""
    of_those_there = select(func.count()).select_from(webhook_message).join(webhook, webhook.c.id == _mine.webhook_id)
    left = and_(UNSENT, _mine.state != "ambiguous", webhook.c.removed_at.is_(None))
    return int(connection.execute(of_those_there.where(left)).scalar_one())


def counts(connection: Connection) -> dict[tuple[int, str], int]:
    """Messages by webhook and state."""
    query = select(_mine.webhook_id, _mine.state, func.count().label("number")).group_by(_mine.webhook_id, _mine.state)
    return {(row.webhook_id, row.state): row.number for row in connection.execute(query)}


def messages(connection: Connection, states: Sequence[str], offset: int, limit: int) -> list[RowMapping]:
    """Messages with their webhook's name, newest first."""
    query = select(webhook_message, webhook.c.name).join(webhook, webhook.c.id == _mine.webhook_id).order_by(_mine.id.desc())
    query = query.where(_mine.state.in_(states)) if states else query
    return list(connection.execute(query.offset(offset).limit(limit)).mappings())


def send_by_hand(connection: Connection, message_id: int, states: Sequence[str], at: datetime) -> RowMapping | None:
    """``states`` -> pending, its attempts forgotten, if its webhook is still there; the message, None if there is no such."""
    listens = _mine.webhook_id.in_(select(webhook.c.id).where(webhook.c.removed_at.is_(None)))
    changed = update(webhook_message).where(_mine.id == message_id, _mine.state.in_(states), listens)
    moved = changed.values(state="pending", reason="by-hand", attempts=0, lost=0, next_try_at=at).returning(*webhook_message.c)
    return connection.execute(moved).mappings().one_or_none()
