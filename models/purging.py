"""Statements for destroying a file: who holds it, the proposals, and blanking its name wherever it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from models.tables import account, attachment, journal_entry, purge, round_, step


def held(connection: Connection, sha256: str) -> Sequence[Row[Any]]:
    """(id, step_id, workflow_id, evidence, size, name) of every place where the file still is, by attachment."""
    columns = (attachment.c.id, attachment.c.step_id, step.c.workflow_id, attachment.c.evidence, attachment.c.size, attachment.c.name)
    query = select(*columns).join(step, step.c.id == attachment.c.step_id).order_by(attachment.c.id)
    return connection.execute(query.where(attachment.c.sha256 == sha256, attachment.c.purged_at.is_(None))).all()


def add(connection: Connection, values: dict[str, Any]) -> int:
    """Keep a proposal; its number."""
    return int(connection.execute(insert(purge).values(values).returning(purge.c.id)).scalar_one())


def one(connection: Connection, purge_id: int) -> Row[Any] | None:
    """A proposal, with its reason and the names of who made it; locked until the transaction ends."""
    return connection.execute(select(purge).where(purge.c.id == purge_id).with_for_update()).one_or_none()


def is_proposed(connection: Connection, sha256: str) -> bool:
    """Whether a proposal for the file waits."""
    query = select(purge.c.id).where(purge.c.sha256 == sha256, purge.c.state == "proposed")
    return connection.execute(query).first() is not None


def proposals(connection: Connection) -> Sequence[Row[Any]]:
    """Every proposal with ``who`` made it and its ``reason``, the latest first."""
    entry = journal_entry.c
    query = (
        select(purge, account.c.name.label("who"), entry.text.label("reason"))
        .outerjoin(account, account.c.id == purge.c.account_id)
        .outerjoin(journal_entry, (entry.stream == purge.c.stream) & (entry.seq == purge.c.seq))
        .order_by(purge.c.id.desc())
    )
    return connection.execute(query.limit(200)).all()


def settle(connection: Connection, purge_id: int, state: str, by: int, at: datetime) -> None:
    """The proposal is done or refused."""
    connection.execute(update(purge).where(purge.c.id == purge_id).values(state=state, decided_by=by, decided_at=at))


def forget(connection: Connection, sha256: str, at: datetime) -> None:
    """No row says the file's name any more; hash and size stay."""
    values = {"name": "", "folded": "", "purged_at": at}
    connection.execute(update(attachment).where(attachment.c.sha256 == sha256, attachment.c.purged_at.is_(None)).values(values))


def bodies(connection: Connection, step_ids: Collection[int]) -> Sequence[Row[Any]]:
    """(step_id, number, body) of the rounds of some steps."""
    query = select(round_.c.step_id, round_.c.number, round_.c.body).where(round_.c.step_id.in_(sorted(step_ids)))
    return connection.execute(query).all()


def rewrite_round(connection: Connection, step_id: int, number: int, body: dict[str, Any]) -> None:
    """A round says the same without the file's name."""
    connection.execute(update(round_).where(round_.c.step_id == step_id, round_.c.number == number).values(body=body))


def drafts(connection: Connection, step_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The drafts of some steps."""
    return {row.id: row.draft for row in connection.execute(select(step.c.id, step.c.draft).where(step.c.id.in_(sorted(step_ids))))}


def rewrite_draft(connection: Connection, step_id: int, draft: dict[str, Any]) -> None:
    """A draft no longer holds the file."""
    connection.execute(update(step).where(step.c.id == step_id).values(draft=draft))


def destroyed(connection: Connection) -> set[str]:
    """The hashes of files whose bytes must be gone: purged, and in no step any more."""
    kept = select(attachment.c.sha256).where(attachment.c.purged_at.is_(None))
    gone = select(attachment.c.sha256).where(attachment.c.purged_at.is_not(None), attachment.c.sha256.not_in(kept))
    return set(connection.execute(gone).scalars())
