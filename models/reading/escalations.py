"""What waits for the standing agency's word before it goes above a unit, and the one change made to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, Select, select, update

from engine.access import Actor
from models.tables import notice, step, workflow
from models.visible import visible

WAITING = ("pending", "expanded")
_STEP = ("id", "code", "slot", "lead", "status", "due_on", "due_version", "closed_on")
_WORKFLOW = ("version_id", "key_task", "code", "cycle", "confidential")
_LINE: Select[tuple[object, ...]] = (
    select(
        notice.c.id, notice.c.rung, notice.c.data, notice.c.state, notice.c.business_at, notice.c.workflow_id,
        notice.c.due_version.label("about_version"),
        *(step.c[name].label(f"step_{name}") for name in _STEP),
        *(workflow.c[name] for name in _WORKFLOW),
    )
    .join_from(notice, step, step.c.id == notice.c.step_id)
    .join(workflow, workflow.c.id == notice.c.workflow_id)
)  # fmt: skip


def waiting(connection: Connection, actor: Actor, statuses: Sequence[str]) -> list[RowMapping]:
    """Undecided escalations to the standing agency about steps in ``statuses`` by their present date, the longest overdue first."""
    query = _LINE.where(
        step.c.status.in_(statuses), notice.c.audience == "agency", notice.c.kind == "escalation", notice.c.state.in_(WAITING),
        notice.c.due_version == step.c.due_version, step.c.closed_on.is_(None),
    )  # fmt: skip
    return list(connection.execute(visible(query, actor).order_by(step.c.due_on, step.c.id, notice.c.id.desc())).mappings())


def one(connection: Connection, notice_id: int) -> RowMapping | None:
    """One escalation, decided or not."""
    query = _LINE.where(notice.c.id == notice_id, notice.c.kind == "escalation", notice.c.audience == "agency")
    return connection.execute(query).mappings().one_or_none()


def decide(connection: Connection, notice_id: int, state: str) -> None:
    """Write what was decided, under the workflow's lock. The words stand in the journal."""
    connection.execute(update(notice).where(notice.c.id == notice_id, notice.c.state.in_(WAITING)).values(state=state))
