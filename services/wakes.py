"""What the relay asks and notes: which workflows have something that their flow run has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.assignment import AD_HOC
from models import waking as sql
from models.database import Database
from services.definitions import is_ad_hoc, workflow_of
from services.queries.naming import ad_hoc


@dataclass(frozen=True, slots=True)
class Dirty:
    """A workflow as the relay sees it. ``wake`` is to be noted as woken once its run was resumed."""

    workflow_id: int
    name: str
    wake: int
    woken: int
    generation: int
    flow_run_id: UUID | None
    tags: tuple[str, ...]


def dirty(db: Database, limit: int = 100) -> list[Dirty]:
    """Workflows whose wake counter is ahead of the one last woken, the most urgent first."""
    with db.read() as connection:
        return [_dirty(connection, row) for row in sql.dirty(connection, limit)]


def live(db: Database) -> list[Dirty]:
    """Every unfinished workflow, for repair."""
    with db.read() as connection:
        return [_dirty(connection, row) for row in sql.live(connection)]


def record_woken(db: Database, workflow_id: int, wake: int, at: datetime) -> None:
    """Note that the flow run was woken for ``wake``, the value read *before* waking: what came since stays dirty."""
    with db.write() as connection:
        sql.record_woken(connection, workflow_id, wake, at)


def mark_dirty(db: Database, workflow_id: int) -> None:
    """Have the workflow's run woken again, whatever happened to it."""
    with db.write() as connection:
        sql.mark_dirty(connection, workflow_id)


def next_generation(db: Database, workflow_id: int) -> int:
    """A new generation: runs of older ones end themselves."""
    with db.write() as connection:
        return sql.next_generation(connection, workflow_id)


def record_run(db: Database, workflow_id: int, generation: int, flow_run_id: UUID) -> None:
    """Note which flow run belongs to the workflow's ``generation``."""
    with db.write() as connection:
        sql.record_run(connection, workflow_id, generation, flow_run_id)


def run_name(connection: Connection, row: Any) -> str:
    """The name of a workflow's flow run: "NV4 · 2024 · Ngày hội…", "Đột xuất · số 12/UBND · …"; a confidential one bears no title."""
    workflow = workflow_of(connection, row)
    title = "mật" if row["confidential"] else workflow.definition.title.vi
    if workflow.document:
        return f"{ad_hoc(workflow.document, confidential=row['confidential']).vi} · {title}"
    cycle = "" if row["cycle"] == "once" else row["cycle"]
    return " · ".join(part for part in (row["key_task"] or "Kế hoạch", cycle, title) if part)


def base_tags(row: Any) -> tuple[str, ...]:
    """Tags that do not change: the key task's code ("plan" or "dot-xuat" for what belongs to none), the year, the workflow."""
    of_none = AD_HOC if is_ad_hoc(row["code"]) else "plan"
    return (row["key_task"] or of_none, str(row["first_on"].year), f"workflow:{row['id']}")


def _dirty(connection: Connection, row: Any) -> Dirty:
    return Dirty(row["id"], run_name(connection, row), row["wake"], row["woken"], row["generation"], row["flow_run_id"], base_tags(row))
