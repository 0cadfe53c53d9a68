"""One workflow with its steps and its journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from engine.access import Actor
from models.api_tokens import BY_TOKEN
from models.reading.lines import StepRow, fetch, step_lines
from models.tables import account, api_token, journal_entry, step
from models.visible import visible

_represented = account.alias("represented")


def steps(connection: Connection, actor: Actor, workflow_id: int) -> tuple[StepRow, ...]:
    """Every step of the workflow that ``actor`` may know of, in the workflow's order."""
    return fetch(connection, step_lines(actor).where(step.c.workflow_id == workflow_id).order_by(step.c.position, step.c.id))


def journal(connection: Connection, actor: Actor, stream: str, limit: int, before: int | None = None) -> Sequence[Row[Any]]:
    """The latest entries of ``stream`` that ``actor`` may read, newest first, older than number ``before``.

    With the names of who acted (``who``), for whom (``instead_of``) and by which API token (``token``).

    Who does not read everything gets the entries about steps that they read in full.
    """
    columns = (*(journal_entry.c[name] for name in ("stream", "seq", "at", "action", "step_id", "body", "hash", "text", "account_id")),)
    query: Select[Any] = (
        select(*columns, account.c.name.label("who"), _represented.c.name.label("instead_of"), api_token.c.name.label("token"))
        .join_from(journal_entry, account, account.c.id == journal_entry.c.account_id, isouter=True)
        .join(_represented, _represented.c.id == journal_entry.c.represented_id, isouter=True)
        .join(api_token, BY_TOKEN, isouter=True)
        .where(journal_entry.c.stream == stream)
        .order_by(journal_entry.c.seq.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(journal_entry.c.seq < before)
    return connection.execute(visible(query, actor)).all()
