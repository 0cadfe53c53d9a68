"""What granting a later date would overtake: the steps that come after and would be due before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.access import Actor
from engine.definition import Text
from engine.errors import NotFound
from engine.overtaken import Later, overtaken
from engine.statuses import WorkStatus
from models.database import Database
from models.reading import step as reading
from services.definitions import workflow_of
from services.queries import naming


@dataclass(frozen=True, slots=True)
class OvertakenLine:
    """A step that would be due before the one it waits for. ``estimated``: its date is an estimate until it opens."""

    step_id: int
    number: int
    title: Text
    lead: str
    due_on: date
    estimated: bool


def extension_preview(db: Database, viewer: Actor, step_id: int, until: date) -> tuple[OvertakenLine, ...]:
    """The steps after ``step_id`` that would be due before ``until``, the nearest first. Raises `NotFound` for who may not know it."""
    with db.read() as connection:
        row = reading.page(connection, viewer, step_id)
        if row is None:
            raise NotFound()
        workflow = workflow_of(connection, {"version_id": row["version_id"], "key_task": row["key_task"], "code": row["workflow_code"]})
        near: dict[int, Any] = {n.id: n for n in reading.neighbours(connection, viewer, row["workflow_id"], list(workflow.steps))}
    steps = (Later(n.id, n.code, n.slot, WorkStatus(n.status), n.due_on or n.planned_on) for n in near.values())
    hidden = bool(row["confidential"] and not row["full"])
    return tuple(
        OvertakenLine(
            step.id, naming.step_number(workflow, step.code), naming.step_title(workflow, step.code, confidential=hidden),
            near[step.id].lead, step.due_on, near[step.id].due_on is None,
        )
        for step in overtaken(workflow, (row["code"], row["slot"]), steps, until)
        if step.due_on is not None
    )  # fmt: skip
