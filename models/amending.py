"""Statements of amendments: what runs under a version, moving it to the next, and the record of each amendment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, String, and_, cast, func, insert, literal, or_, select, update

from engine.step_state import FIELDS
from models.tables import account, amendment, journal_entry, plan_version, step, workflow

_STEP = (*(step.c[name] for name in FIELDS), step.c.workflow_id, step.c.position, step.c.planned_on, step.c.not_before, step.c.flagged)
_WORKFLOW = tuple(
    workflow.c[name]
    for name in (
        "id", "plan_id", "version_id", "key_task", "code", "cycle", "first_on", "last_on", "anchor_on", "opens_on", "confidential", "lead",
        "counts", "seq", "head", "finished_at",
    )
)  # fmt: skip


def running(connection: Connection, plan_id: int) -> list[RowMapping]:
    """Unfinished workflows of a plan, whatever their version, by id; ad-hoc assignments are none of the plan's own, closed cycles stay."""
    own = (workflow.c.plan_id == plan_id, workflow.c.assignment_id.is_(None), workflow.c.closed_at.is_(None))
    query = select(*_WORKFLOW).where(*own, workflow.c.finished_at.is_(None))
    return list(connection.execute(query.order_by(workflow.c.id)).mappings())


def lock(connection: Connection, workflow_id: int) -> RowMapping:
    """Lock a workflow; its row as it is under the lock."""
    return connection.execute(select(*_WORKFLOW).where(workflow.c.id == workflow_id).with_for_update()).mappings().one()


def steps(connection: Connection, workflow_id: int) -> list[RowMapping]:
    """Every step of a workflow, in order."""
    query = select(*_STEP).where(step.c.workflow_id == workflow_id).order_by(step.c.position, step.c.id)
    return list(connection.execute(query).mappings())


def removed_steps(connection: Connection, stream: str) -> frozenset[int]:
    """The steps of a workflow that amendments made not applicable and did not bring back since."""
    query = select(journal_entry.c.body).where(journal_entry.c.stream == stream, journal_entry.c.action == "amend")
    found: set[int] = set()
    for body in connection.execute(query.order_by(journal_entry.c.seq)).scalars():
        for fact in body["facts"]:
            if fact["kind"] == "step.removed":
                found.add(fact["step"])
            elif fact["kind"] == "step.restored":
                found.discard(fact["step"])
    return frozenset(found)


def move(connection: Connection, workflow_id: int, version_id: int, *, lead: str, confidential: bool) -> None:
    """Have a workflow run under another version."""
    first = func.coalesce(workflow.c.first_version_id, workflow.c.version_id)
    values = {"version_id": version_id, "first_version_id": first, "lead": lead, "confidential": confidential}
    connection.execute(update(workflow).where(workflow.c.id == workflow_id).values(values))


def latest_number(connection: Connection, plan_id: int) -> int:
    """The number of a plan's latest version."""
    return int(connection.execute(select(func.max(plan_version.c.version)).where(plan_version.c.plan_id == plan_id)).scalar_one())


def by_key(connection: Connection, key: str) -> RowMapping | None:
    """The amendment made under ``key``."""
    return connection.execute(select(amendment).where(amendment.c.key == key)).mappings().one_or_none()


def by_id(connection: Connection, amendment_id: int) -> RowMapping | None:
    """An amendment."""
    return connection.execute(select(amendment).where(amendment.c.id == amendment_id)).mappings().one_or_none()


def to_settle(connection: Connection, finished_after: datetime) -> list[RowMapping]:
    """Amendments that some workflow may not have followed: not finished, or only after ``finished_after``; oldest first."""
    finished = amendment.c.finished_at
    query = select(amendment).where(or_(finished.is_(None), finished > finished_after)).order_by(amendment.c.id)
    return list(connection.execute(query).mappings())


def latest(connection: Connection, plan_id: int) -> RowMapping | None:
    """A plan's last amendment."""
    query = select(amendment).where(amendment.c.plan_id == plan_id).order_by(amendment.c.id.desc()).limit(1)
    return connection.execute(query).mappings().one_or_none()


def count_changed(connection: Connection, amendment_id: int, number: int) -> None:
    """``number`` more steps were changed by an amendment."""
    changed = amendment.c.changed + number
    connection.execute(update(amendment).where(amendment.c.id == amendment_id).values(changed=changed))


def leave(connection: Connection, amendment_id: int, left: Iterable[int]) -> None:
    """Note which workflows stay under their version."""
    connection.execute(update(amendment).where(amendment.c.id == amendment_id).values(left=sorted(left)))


def finish(connection: Connection, amendment_id: int, at: datetime) -> None:
    """Every running workflow was looked at."""
    unfinished = and_(amendment.c.id == amendment_id, amendment.c.finished_at.is_(None))
    connection.execute(update(amendment).where(unfinished).values(finished_at=at))


def amendments(connection: Connection, plan_id: int) -> Sequence[Row[Any]]:
    """A plan's amendments, newest first, with the numbers of both versions and the name of who made them."""
    before, after = plan_version.alias("before"), plan_version.alias("after")
    query = (
        select(amendment, before.c.version.label("from_version"), after.c.version.label("to_version"), account.c.name.label("who"))
        .join(before, before.c.id == amendment.c.from_version_id)
        .join(after, after.c.id == amendment.c.to_version_id)
        .join(account, account.c.id == amendment.c.account_id, isouter=True)
        .where(amendment.c.plan_id == plan_id)
        .order_by(amendment.c.id.desc())
    )
    return connection.execute(query).all()


def done_since(connection: Connection, version_id: int) -> set[int]:
    """The workflows that an amendment to ``version_id`` changed and in which people have done something after it."""
    stream = literal("workflow:") + cast(workflow.c.id, String)
    of_version = select(workflow.c.id, journal_entry.c.stream, journal_entry.c.seq, journal_entry.c.body).join(
        journal_entry, journal_entry.c.stream == stream
    )
    query = of_version.where(workflow.c.version_id == version_id, journal_entry.c.action == "amend")
    amended = {row.stream: row for row in connection.execute(query) if row.body["facts"][0]["version"] == version_id}
    later = select(func.max(journal_entry.c.seq)).where(journal_entry.c.account_id != 0)
    found = set()
    for name, row in amended.items():
        last = connection.execute(later.where(journal_entry.c.stream == name)).scalar_one()
        if last is not None and last > row.seq:
            found.add(int(row.id))
    return found


def opened_under(connection: Connection, version_id: int) -> list[int]:
    """Workflows that came into being under a version."""
    own = (workflow.c.version_id == version_id, workflow.c.assignment_id.is_(None))
    query = select(workflow.c.id).where(*own, workflow.c.first_version_id.is_(None))
    return list(connection.execute(query.order_by(workflow.c.id)).scalars())


def add(connection: Connection, values: dict[str, Any]) -> int:
    """Add an amendment; its id."""
    return int(connection.execute(insert(amendment).returning(amendment.c.id), values).scalar_one())
