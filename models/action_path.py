"""The statements of one action, in the order in which `services.act` runs them. Lock first, then read.

The workflow row is the lock: without it two last units would each count n-1 and the join after them would never open. On PostgreSQL
``FOR UPDATE`` takes it; on SQLite BEGIN IMMEDIATE has taken the whole database already and the words compile to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, RowMapping, Select, Update, and_, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.step_state import FIELDS
from models.tables import attachment, deadline, journal_entry, notice, participation, round_, step, workflow

# Only what deciding needs: on PostgreSQL the driver spends more on a column's description than on its value.
_WORKFLOW = tuple(
    workflow.c[name]
    for name in (
        "id", "plan_id", "version_id", "key_task", "code", "cycle", "first_on", "last_on", "anchor_on", "opens_on", "seq", "head", "counts",
        "finished_at",
    )
)  # fmt: skip
_STEP = tuple(step.c[name] for name in FIELDS)
_of_step = select(step.c.workflow_id).where(step.c.id == bindparam("step_id")).scalar_subquery()
_LOCK_BY_STEP = select(*_WORKFLOW).where(workflow.c.id == _of_step).with_for_update()
_LOCK = select(*_WORKFLOW).where(workflow.c.id == bindparam("workflow_id")).with_for_update()
_READ = select(*_STEP).where(step.c.id == bindparam("step_id"))
_READ_KEYED: Select[Any] = (
    select(*_STEP, journal_entry.c.idem_hash, journal_entry.c.body.label("replayed"), journal_entry.c.seq.label("replayed_seq"))
    .outerjoin(journal_entry, and_(journal_entry.c.account_id == bindparam("account_id"), journal_entry.c.idem_key == bindparam("key")))
    .where(step.c.id == bindparam("step_id"))
)
_ROUND = insert(round_)
_LEDGER = insert(deadline)
_ENTRY = insert(journal_entry)
_NOTICES = insert(notice)
_ATTACHMENTS = insert(attachment)


def lock_by_step(connection: Connection, step_id: int) -> RowMapping | None:
    """Lock the workflow of ``step_id`` until the transaction ends; its row, or None."""
    return connection.execute(_LOCK_BY_STEP, {"step_id": step_id}).mappings().one_or_none()


def lock(connection: Connection, workflow_id: int) -> RowMapping | None:
    """Lock a workflow by its own id; its row, or None."""
    return connection.execute(_LOCK, {"workflow_id": workflow_id}).mappings().one_or_none()


def read_step(connection: Connection, step_id: int, *, account_id: int, key: str | None) -> RowMapping:
    """The step as it is under the lock; with a key also the entry that the key already made (``replayed``), if any."""
    if key is None:
        return connection.execute(_READ, {"step_id": step_id}).mappings().one()
    return connection.execute(_READ_KEYED, {"step_id": step_id, "account_id": account_id, "key": key}).mappings().one()


@lru_cache(maxsize=256)
def _step_update(names: tuple[str, ...]) -> Update:
    return update(step).where(step.c.id == bindparam("id_")).values({name: bindparam(f"v_{name}") for name in names})


def change_step(connection: Connection, step_id: int, changes: dict[str, Any]) -> None:
    """Write ``changes`` (column → value) to one step."""
    names = tuple(sorted(changes))
    connection.execute(_step_update(names), {"id_": step_id, **{f"v_{name}": changes[name] for name in names}})


def chases(connection: Connection, step_id: int) -> list[RowMapping]:
    """The step's latest chases, newest first: at, body."""
    query = select(journal_entry.c.at, journal_entry.c.body).where(journal_entry.c.step_id == step_id, journal_entry.c.action == "chase")
    return list(connection.execute(query.order_by(journal_entry.c.at.desc()).limit(20)).mappings())


def add_round(connection: Connection, values: dict[str, Any]) -> None:
    """Freeze a submission."""
    connection.execute(_ROUND, values)


def add_deadlines(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Add entries to deadline ledgers."""
    _add(connection, _LEDGER, rows)


def add_attachments(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Add the rows of stored files."""
    _add(connection, _ATTACHMENTS, rows)


def add_entry(connection: Connection, values: dict[str, Any]) -> None:
    """Append a journal entry."""
    connection.execute(_ENTRY, values)


def add_notices(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Put notices into the outbox."""
    _add(connection, _NOTICES, rows)


def _add(connection: Connection, statement: Insert, rows: list[dict[str, Any]]) -> None:
    """Insert ``rows``, if any. A single one goes as a plain statement: the driver's way with many costs twice as much."""
    if rows:
        connection.execute(statement, rows if len(rows) > 1 else rows[0])


@lru_cache(maxsize=32)
def _workflow_update(names: tuple[str, ...], wakes: bool) -> Update:
    values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in names}
    if wakes:
        values["wake"] = workflow.c.wake + 1
    return update(workflow).where(workflow.c.id == bindparam("id_")).values(values)


def close_transaction(connection: Connection, workflow_id: int, changes: dict[str, Any], *, wakes: bool) -> None:
    """Write the workflow's new end of stream, counts and wake counter: the last statement of a transaction."""
    names = tuple(sorted(changes))
    connection.execute(_workflow_update(names, wakes), {"id_": workflow_id, **{f"v_{n}": changes[n] for n in names}})


def statuses_of_slots(connection: Connection, workflow_id: int, code: str) -> dict[str, str]:
    """The status of every step of ``code``, by slot."""
    query = select(step.c.slot, step.c.status).where(step.c.workflow_id == workflow_id, step.c.code == code)
    return {row.slot: row.status for row in connection.execute(query)}


def add_participations(connection: Connection, workflow_id: int, step_id: int, relations: Iterable[tuple[str, str]]) -> None:
    """Let each unit of ``relations`` (unit, relation) read the step in full from now on, if it may not already."""
    dialect_insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    rows = [{"workflow_id": workflow_id, "step_id": step_id, "unit": unit, "relation": relation} for unit, relation in relations]
    connection.execute(dialect_insert(participation).values(rows).on_conflict_do_nothing())
