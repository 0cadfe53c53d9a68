"""Statements behind acts on many steps: which they are, with what names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from engine.access import Actor
from engine.step_state import FIELDS
from models.chunks import chunks
from models.steps import UNFINISHED
from models.tables import journal_entry, step, workflow
from models.visible import visible

_WORKFLOW = (workflow.c.version_id, workflow.c.key_task, workflow.c.cycle, workflow.c.confidential, workflow.c.code.label("workflow_code"))
_ROWS: Select[Any] = select(*(step.c[name] for name in FIELDS), step.c.workflow_id, *_WORKFLOW).join_from(
    step, workflow, workflow.c.id == step.c.workflow_id
)


def steps(connection: Connection, actor: Actor, ids: Sequence[int]) -> list[RowMapping]:
    """The steps ``ids`` that exist for ``actor``, in the order of their workflows."""
    query = _ROWS.where(step.c.id.in_(ids)).order_by(step.c.workflow_id, step.c.position.desc(), step.c.id)
    return list(connection.execute(visible(query, actor)).mappings())


def open_steps(connection: Connection, actor: Actor, workflow_id: int) -> list[RowMapping]:
    """The open steps of a workflow, from the last to the first."""
    query = _ROWS.where(step.c.workflow_id == workflow_id, UNFINISHED).order_by(step.c.position.desc(), step.c.id)
    return list(connection.execute(visible(query, actor)).mappings())


def granted(connection: Connection, account_id: int, keys: Sequence[str]) -> dict[str, str]:
    """The ISO dates of extensions that ``account_id`` granted under idempotency keys, by key."""
    entry = journal_entry.c
    found: dict[str, str] = {}
    for some in chunks(keys):
        query = select(entry.idem_key, entry.body).where(entry.account_id == account_id, entry.idem_key.in_(some))
        for row in connection.execute(query):
            until = [fact["until"] for fact in row.body["facts"] if fact["kind"] == "step.extension-granted"]
            if until:
                found[row.idem_key] = until[0]
    return found


def workflow_exists(connection: Connection, actor: Actor, workflow_id: int) -> bool:
    """Whether there is such a workflow for ``actor``."""
    return connection.execute(visible(select(workflow.c.id).where(workflow.c.id == workflow_id), actor)).first() is not None
