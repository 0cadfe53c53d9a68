"""Statements behind the checks of `services.invariants`: what is stored, a batch of workflows at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, Select, bindparam, func, select

from engine.statuses import WITH_UNIT, WorkStatus
from models.chunks import Key, chunks
from models.reading.marks import UNFINISHED, overdue
from models.tables import deadline, delivery, journal_entry, message, message_notice, notice, participation, round_, step, workflow


def _among(query: Select[Any], column: ColumnElement[Any]) -> Select[Any]:
    return query.where(column.in_(bindparam("values", expanding=True)))


# Made once: composing a statement costs more than running it on a day with little to check.
_ENDS = select(workflow.c.id, workflow.c.seq).order_by(workflow.c.id)
_VERSIONS = select(workflow.c.id, workflow.c.version_id)
_WORKFLOWS = _among(select(workflow).order_by(workflow.c.id), workflow.c.id)
_OUTLINE = _among(
    select(
        step.c.id,
        step.c.workflow_id,
        step.c.code,
        step.c.slot,
        step.c.status,
        step.c.opened_seq,
        step.c.flagged,
        step.c.not_before,
        step.c.closed_on,
    ).order_by(step.c.id),
    step.c.workflow_id,
)
_STEPS = _among(select(step).order_by(step.c.id), step.c.id)
_LEDGERS = _among(
    select(deadline.c.step_id, deadline.c.due_version, deadline.c.kind, deadline.c.due_on).order_by(
        deadline.c.step_id, deadline.c.due_version
    ),
    deadline.c.step_id,
)
_ROUNDS = _among(select(round_.c.step_id, round_.c.number).order_by(round_.c.step_id, round_.c.number), round_.c.step_id)
_LEADS = _among(select(participation.c.step_id, participation.c.unit).where(participation.c.relation == "lead"), participation.c.step_id)
_UNFINISHED = select(
    step.c.id, step.c.workflow_id, step.c.code, step.c.status, step.c.due_on, step.c.due_version, step.c.submitted_on, step.c.suspended_on,
    step.c.approval_due_on, step.c.round, step.c.link, step.c.opened_at, step.c.changed_at,
).where(UNFINISHED).order_by(step.c.id)  # fmt: skip
_RUNNING = _UNFINISHED.where(step.c.status.in_(sorted({*WITH_UNIT, WorkStatus.SUBMITTED})))
_UNFINISHED_IDS = select(step.c.id).where(UNFINISHED)
_ENTRIES = (
    select(
        journal_entry.c.stream, journal_entry.c.seq, journal_entry.c.body, journal_entry.c.hash, journal_entry.c.text, journal_entry.c.salt
    )
    .where(journal_entry.c.stream == bindparam("stream"), journal_entry.c.seq > bindparam("after"))
    .order_by(journal_entry.c.seq)
)
_NOTICES = select(
    notice.c.id, notice.c.key, notice.c.kind, notice.c.audience, notice.c.unit, notice.c.stream, notice.c.seq, notice.c.step_id,
    notice.c.step_code, notice.c.rung, notice.c.due_version, notice.c.state,
).where(notice.c.id > bindparam("after")).order_by(notice.c.id)  # fmt: skip
_KEYS = _among(select(notice.c.key), notice.c.key)
_told = select(message_notice.c.notice_id).where(message_notice.c.notice_id == notice.c.id).exists()
_UNTOLD = select(notice.c.id, notice.c.key, notice.c.workflow_id, notice.c.step_id).where(
    notice.c.id > bindparam("after"), notice.c.state == "expanded", ~_told
)
_TWICE = (
    select(message.c.id, message.c.key, func.count().label("times"))
    .join(delivery, delivery.c.message_id == message.c.id)
    .where(delivery.c.outcome == "sent")
    .group_by(message.c.id, message.c.key)
    .having(func.count() > 1)
)


def ends(connection: Connection) -> dict[int, int]:
    """The number of every workflow's last journal entry."""
    return {row.id: row.seq for row in connection.execute(_ENDS)}


def versions(connection: Connection) -> dict[int, int]:
    """The version under which each workflow runs."""
    return {row.id: row.version_id for row in connection.execute(_VERSIONS)}


def workflows(connection: Connection, ids: Collection[int]) -> dict[int, RowMapping]:
    """Whole rows by id."""
    return {row["id"]: row for row in _many(connection, _WORKFLOWS, ids)}


def outline(connection: Connection, workflow_ids: Collection[int]) -> dict[int, list[RowMapping]]:
    """id, code, slot, status, opened_seq, flagged and not_before of every step, by workflow."""
    return _grouped(_many(connection, _OUTLINE, workflow_ids), "workflow_id", workflow_ids)


def steps(connection: Connection, ids: Collection[int]) -> list[RowMapping]:
    """Whole rows, by id."""
    return list(_many(connection, _STEPS, ids))


def ledgers(connection: Connection, step_ids: Collection[int]) -> dict[int, list[RowMapping]]:
    """The deadline ledgers of steps, oldest entry first."""
    return _grouped(_many(connection, _LEDGERS, step_ids), "step_id", step_ids)


def rounds(connection: Connection, step_ids: Collection[int]) -> dict[int, list[RowMapping]]:
    """(step_id, number) of the submitted rounds, first to last."""
    return _grouped(_many(connection, _ROUNDS, step_ids), "step_id", step_ids)


def leads(connection: Connection, step_ids: Collection[int]) -> set[tuple[int, str]]:
    """(step, unit) for every unit that leads or has led."""
    return {(row["step_id"], row["unit"]) for row in _many(connection, _LEADS, step_ids)}


def entries_after(connection: Connection, stream: str, seq: int) -> list[Row[Any]]:
    """(stream, seq, body, hash, text, salt) of a stream's entries after number ``seq``."""
    return list(connection.execute(_ENTRIES, {"stream": stream, "after": seq}))


def notices_after(connection: Connection, notice_id: int) -> list[RowMapping]:
    """Notices with a higher id, oldest first."""
    return list(connection.execute(_NOTICES, {"after": notice_id}).mappings())


def known_keys(connection: Connection, keys: Collection[str]) -> set[str]:
    """Those of ``keys`` for which there is a notice."""
    return {row["key"] for row in _many(connection, _KEYS, keys)}


def unfinished(connection: Connection) -> list[RowMapping]:
    """Every unfinished step with what its clock depends on."""
    return list(connection.execute(_UNFINISHED).mappings())


def running(connection: Connection) -> list[RowMapping]:
    """Those of them for which somebody's clock and ladder run."""
    return list(connection.execute(_RUNNING).mappings())


def overdue_ids(connection: Connection, at: datetime) -> set[int]:
    """The steps that lists show as overdue at the instant ``at``."""
    return set(connection.execute(_UNFINISHED_IDS.where(overdue(at))).scalars())


def carried_by_nobody(connection: Connection, after: int) -> list[RowMapping]:
    """Expanded notices with an id above ``after`` of which no record says what became of them for anybody."""
    return list(connection.execute(_UNTOLD, {"after": after}).mappings())


def sent_twice(connection: Connection) -> list[Row[Any]]:
    """(message id, key, times) of messages with more than one delivery that was acknowledged."""
    return list(connection.execute(_TWICE))


def _grouped(rows: Iterator[RowMapping], by: str, keys: Collection[int]) -> dict[int, list[RowMapping]]:
    found: dict[int, list[RowMapping]] = {key: [] for key in keys}
    for row in rows:
        found[row[by]].append(row)
    return found


def _many(connection: Connection, query: Select[Any], values: Collection[Key]) -> Iterator[RowMapping]:
    for some in chunks(values):
        yield from connection.execute(query, {"values": some}).mappings()
