"""One step with everything its page tells: itself, its workflow, its neighbours, ledger, rounds, files and journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, Select, select

from engine.access import Actor
from models.api_tokens import BY_TOKEN
from models.tables import account, api_token, attachment, deadline, journal_entry, membership, notice, plan, round_, step, workflow
from models.visible import in_full, visible

WORKFLOW = ("version_id", "key_task", "cycle", "first_on", "last_on", "anchor_on", "opens_on", "confidential", "counts", "finished_at")

_represented = account.alias("represented")


def page(connection: Connection, actor: Actor, step_id: int) -> RowMapping | None:
    """The step with its workflow's columns, ``workflow_code``, ``plan_number`` and ``full`` (whether it is read in full); or None."""
    query = (
        select(
            step,
            *(workflow.c[name] for name in WORKFLOW),
            workflow.c.code.label("workflow_code"),
            plan.c.number.label("plan_number"),
            in_full(actor).label("full"),
        )
        .join_from(step, workflow, workflow.c.id == step.c.workflow_id)
        .join(plan, plan.c.id == step.c.plan_id)
        .where(step.c.id == step_id)
    )
    return connection.execute(visible(query, actor)).mappings().one_or_none()


def readable_in_full(connection: Connection, actor: Actor, step_id: int) -> bool:
    """Whether ``actor`` may read the step's papers."""
    query = visible(select(step.c.id).where(step.c.id == step_id, in_full(actor)), actor)
    return connection.execute(query).first() is not None


def ledger(connection: Connection, actor: Actor, step_id: int) -> Sequence[Row[Any]]:
    """The deadline ledger, oldest first, with the name of who made each entry."""
    query = (
        select(deadline, account.c.name.label("who"))
        .join_from(deadline, account, account.c.id == deadline.c.account_id, isouter=True)
        .where(deadline.c.step_id == step_id)
        .order_by(deadline.c.due_version)
    )
    return connection.execute(visible(query, actor)).all()


def rounds(connection: Connection, actor: Actor, step_id: int) -> Sequence[Row[Any]]:
    """The submitted rounds, latest first, with the name of who submitted."""
    query = (
        select(round_, account.c.name.label("who"))
        .join_from(round_, account, account.c.id == round_.c.account_id, isouter=True)
        .where(round_.c.step_id == step_id)
        .order_by(round_.c.number.desc())
    )
    return connection.execute(visible(query, actor)).all()


def files(connection: Connection, actor: Actor, step_id: int) -> Sequence[Row[Any]]:
    """The stored files, oldest first."""
    query = select(attachment).where(attachment.c.step_id == step_id).order_by(attachment.c.id)
    return connection.execute(visible(query, actor)).all()


def file(connection: Connection, actor: Actor, attachment_id: int) -> Row[Any] | None:
    """One stored file, for those who read its step in full; None for everybody else."""
    query = select(attachment).where(attachment.c.id == attachment_id)
    return connection.execute(visible(query, actor)).one_or_none()


def journal(connection: Connection, actor: Actor, step_id: int, limit: int | None) -> Sequence[Row[Any]]:
    """The latest entries about the step (None: all), newest first, with the name of who acted (``who``), for whom (``instead_of``), by
    which API token (``token``)."""
    query: Select[Any] = (
        select(
            journal_entry.c.stream,
            journal_entry.c.seq,
            journal_entry.c.at,
            journal_entry.c.action,
            journal_entry.c.body,
            journal_entry.c.text,
            journal_entry.c.account_id,
            account.c.name.label("who"),
            _represented.c.name.label("instead_of"),
            api_token.c.name.label("token"),
        )
        .join_from(journal_entry, account, account.c.id == journal_entry.c.account_id, isouter=True)
        .join(_represented, _represented.c.id == journal_entry.c.represented_id, isouter=True)
        .join(api_token, BY_TOKEN, isouter=True)
        .where(journal_entry.c.step_id == step_id)
        .order_by(journal_entry.c.at.desc(), journal_entry.c.seq.desc())
        .limit(limit)
    )
    return connection.execute(visible(query, actor)).all()


def units_of(connection: Connection, account_ids: Sequence[int]) -> dict[int, list[str]]:
    """The units of each account today."""
    found: dict[int, list[str]] = {}
    rows = connection.execute(select(membership.c.account_id, membership.c.unit).where(membership.c.account_id.in_(account_ids)))
    for row in rows:
        found.setdefault(row.account_id, []).append(row.unit)
    return found


def neighbours(connection: Connection, actor: Actor, workflow_id: int, codes: Sequence[str]) -> Sequence[Row[Any]]:
    """(id, code, slot, lead, status, due_on, planned_on) of the workflow's steps of ``codes``, in their fixed order."""
    if not codes:
        return ()
    columns = (step.c.id, step.c.code, step.c.slot, step.c.lead, step.c.status, step.c.due_on, step.c.planned_on)
    query: Select[Any] = (
        select(*columns).where(step.c.workflow_id == workflow_id, step.c.code.in_(codes)).order_by(step.c.position, step.c.id)
    )
    return connection.execute(visible(query, actor)).all()


def reminders(connection: Connection, step_id: int) -> Sequence[Row[Any]]:
    """The rungs of the ladder that were reached, latest first: (rung, kind, audience, state, business_at)."""
    query: Select[Any] = (
        select(notice.c.rung, notice.c.kind, notice.c.audience, notice.c.state, notice.c.business_at)
        .where(notice.c.step_id == step_id, notice.c.rung.is_not(None))
        .order_by(notice.c.business_at.desc(), notice.c.id.desc())
    )
    return connection.execute(query.limit(20)).all()
