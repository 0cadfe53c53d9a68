"""From notices to messages: what expanding reads and writes. A batch costs a fixed number of statements, however many people hear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Insert, Row, RowMapping, Table, and_, bindparam, delete, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.chunks import chunks
from models.notices import DEFERRED, PENDING
from models.tables import account, journal_entry, membership, message, message_notice, notice, preference, step, workflow

ONE_EXPANDER = 7225  # an arbitrary number: the advisory lock of whoever expands notices

STEP = tuple(
    step.c[name]
    for name in (
        "id", "workflow_id", "code", "slot", "lead", "status", "due_on", "due_version", "approval_due_on", "round", "link", "link_approved",
        "extension", "opened_seq", "closed_on", "handler",
    )
)  # fmt: skip
WORKFLOW = tuple(workflow.c[name] for name in ("id", "plan_id", "version_id", "key_task", "code", "cycle", "confidential"))


def alone(connection: Connection) -> None:
    """Wait until nobody else expands notices. On SQLite BEGIN IMMEDIATE has seen to it already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_EXPANDER})"))


def any_pending(connection: Connection, urgencies: Sequence[str]) -> bool:
    """Whether a notice of one of ``urgencies`` waits to be expanded."""
    query = select(notice.c.id).where(PENDING, notice.c.urgency.in_(urgencies)).limit(1)
    return connection.execute(query).first() is not None


def pending_notices(connection: Connection, urgencies: Sequence[str], limit: int) -> list[RowMapping]:
    """The oldest notices waiting to be expanded."""
    query = select(notice).where(PENDING, notice.c.urgency.in_(urgencies)).order_by(notice.c.id).limit(limit)
    return list(connection.execute(query).mappings())


def of_workflow(connection: Connection, workflow_id: int) -> list[RowMapping]:
    """Pending notices of one workflow, oldest first."""
    query = select(notice).where(notice.c.workflow_id == workflow_id, notice.c.state == "pending").order_by(notice.c.id)
    return list(connection.execute(query).mappings())


def steps_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, RowMapping]:
    """Steps as they are now, by id."""
    found: dict[int, RowMapping] = {}
    for chunk in chunks(ids):
        found |= {row["id"]: row for row in connection.execute(select(*STEP).where(step.c.id.in_(chunk))).mappings()}
    return found


def steps_opened(connection: Connection, openings: Iterable[tuple[int, str, int]]) -> list[RowMapping]:
    """The steps of fan-outs: those of (workflow, code) that the journal entry number ``seq`` opened."""
    rows: list[RowMapping] = []
    for chunk in chunks(openings, 100):
        ways = [and_(step.c.workflow_id == w, step.c.code == code, step.c.opened_seq == seq) for w, code, seq in chunk]
        rows += connection.execute(select(*STEP).where(or_(*ways)).order_by(step.c.position)).mappings()
    return rows


def workflows_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, RowMapping]:
    """Workflows, by id."""
    found: dict[int, RowMapping] = {}
    for chunk in chunks(ids):
        found |= {row["id"]: row for row in connection.execute(select(*WORKFLOW).where(workflow.c.id.in_(chunk))).mappings()}
    return found


def entries(connection: Connection, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], RowMapping]:
    """Who did what, in what words: account_id, name, text and body of journal entries, by (stream, seq)."""
    found: dict[tuple[str, int], RowMapping] = {}
    columns = (journal_entry.c.stream, journal_entry.c.seq, journal_entry.c.account_id, journal_entry.c.text, journal_entry.c.body)
    query = select(*columns, account.c.name).outerjoin(account, account.c.id == journal_entry.c.account_id)
    for chunk in chunks(places):
        rows = connection.execute(query.where(tuple_(journal_entry.c.stream, journal_entry.c.seq).in_(chunk))).mappings()
        found |= {(row["stream"], row["seq"]): row for row in rows}
    return found


def people(connection: Connection, today: date) -> list[RowMapping]:
    """Everyone who works here on ``today``, one row per membership (unit and role None without one)."""
    own = (account.c.id, account.c.name, account.c.address, account.c.language, account.c.roles, preference.c.mail)
    query = (
        select(*own, membership.c.unit, membership.c.role)
        .outerjoin(membership, membership.c.account_id == account.c.id)
        .outerjoin(preference, preference.c.account_id == account.c.id)
        .where(account.c.active, or_(account.c.left_on.is_(None), account.c.left_on > today))
        .order_by(account.c.id, membership.c.unit)
    )
    return list(connection.execute(query).mappings())


def told(connection: Connection, notice_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(notice, account) pairs that were dealt with already."""
    found: set[tuple[int, int]] = set()
    for chunk in chunks(notice_ids):
        query = select(message_notice.c.notice_id, message_notice.c.account_id).where(message_notice.c.notice_id.in_(chunk))
        found |= {(row.notice_id, row.account_id) for row in connection.execute(query)}
    return found


def any_deferred(connection: Connection) -> bool:
    """Whether something was put off until the day's gathered mail."""
    return connection.execute(select(message_notice.c.notice_id).where(DEFERRED).limit(1)).first() is not None


def deferred(connection: Connection) -> dict[int, set[int]]:
    """What was put off until the day's gathered mail: the accounts by notice."""
    found: dict[int, set[int]] = {}
    for row in connection.execute(select(message_notice.c.notice_id, message_notice.c.account_id).where(DEFERRED)):
        found.setdefault(row.notice_id, set()).add(row.account_id)
    return found


def notices_by_id(connection: Connection, ids: Iterable[int]) -> list[RowMapping]:
    """Notices, oldest first."""
    found: list[RowMapping] = []
    for chunk in chunks(ids):
        found += connection.execute(select(notice).where(notice.c.id.in_(chunk)).order_by(notice.c.id)).mappings()
    return found


def settle_deferred(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """The deferred (notice, account) pairs are looked at now: forget them, so that what becomes of them can be recorded."""
    rows = [{"the_notice": n, "the_account": a} for n, a in pairs]
    if rows:
        pair = (message_notice.c.notice_id == bindparam("the_notice"), message_notice.c.account_id == bindparam("the_account"))
        connection.execute(delete(message_notice).where(*pair, DEFERRED), rows)


def existing_keys(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Those of ``keys`` that have a message."""
    found: set[str] = set()
    for chunk in chunks(keys):
        found |= set(connection.execute(select(message.c.key).where(message.c.key.in_(chunk))).scalars())
    return found


def unsent_digests(connection: Connection) -> list[Row[Any]]:
    """Digests that have not left: id, key, account_id, data; oldest first."""
    query = select(message.c.id, message.c.key, message.c.account_id, message.c.data).where(
        message.c.state == "pending", message.c.kind == "digest"
    )
    return list(connection.execute(query.order_by(message.c.id)))


def unsent_of_kind(connection: Connection, kind: str) -> list[int]:
    """The ids of messages of ``kind`` that have not left."""
    return list(connection.execute(select(message.c.id).where(message.c.state == "pending", message.c.kind == kind)).scalars())


def add_messages(connection: Connection, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Insert messages; the ids of those that were new, by key. One with a known key is left as it is."""
    if not rows:
        return {}
    statement = _quiet(connection, message).on_conflict_do_nothing().returning(message.c.key, message.c.id)
    return {row.key: row.id for row in connection.execute(statement, rows)}


def add_told(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Record what became of notices for people; a pair that is there already stays."""
    if rows:
        connection.execute(_quiet(connection, message_notice).on_conflict_do_nothing(), rows)


def move_told(connection: Connection, old: Sequence[int], new: int) -> None:
    """What messages ``old`` still carry is carried by the message ``new``."""
    carried = (message_notice.c.message_id.in_(old), message_notice.c.state == "carried")
    connection.execute(update(message_notice).where(*carried).values(message_id=new))


def close_notices(connection: Connection, ids: Iterable[int], state: str, reason: str = "") -> None:
    """pending -> ``state``."""
    for chunk in chunks(ids):
        connection.execute(update(notice).where(notice.c.id.in_(chunk), notice.c.state == "pending").values(state=state, reason=reason))


def cancel_messages(connection: Connection, ids: Iterable[int], reason: str) -> None:
    """pending -> cancelled."""
    for chunk in chunks(ids):
        changed = update(message).where(message.c.id.in_(chunk), message.c.state == "pending")
        connection.execute(changed.values(state="cancelled", reason=reason))


def _quiet(connection: Connection, table: Table) -> Any:
    """An INSERT that can be told to pass over rows whose key exists."""
    made: Insert = postgresql_insert(table) if connection.dialect.name == "postgresql" else sqlite_insert(table)
    return made
