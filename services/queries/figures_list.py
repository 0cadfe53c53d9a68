"""Every report with figures that a person may read: the latest cycle of each, with how many units have handed in."""

from __future__ import annotations

from dataclasses import dataclass

from engine.access import Actor
from engine.definition import Text
from engine.instants import Now
from models.database import Database
from models.reading import figures as reading
from services.definitions import workflow_of
from services.queries import naming

LATEST = 400  # workflow × step, latest first: several years of a plan


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One step with figures in one cycle. ``handed_in`` of ``expected`` steps that the viewer reads; ``number``: the step's."""

    workflow_id: int
    code: str
    key_task: str
    place: Text
    title: Text
    number: int
    handed_in: int
    expected: int


def figures_list(db: Database, viewer: Actor, now: Now) -> tuple[ReportLine, ...]:
    """The latest cycle of each report, by key task and step; confidential workflows are left out."""
    with db.read() as connection:
        rows = [(row, workflow_of(connection, row._mapping)) for row in reading.running(connection, viewer, now.today, LATEST)]
    found: dict[tuple[int, str, str, str], ReportLine] = {}
    for row, workflow in rows:
        step = workflow.steps[row.step_code]
        key = (row.plan_id, row.key_task, row.code, row.step_code)
        if not any(f.type != "text" for f in step.figures) or key in found:
            continue
        place, number = naming.place(workflow, row.cycle, confidential=False), naming.step_number(workflow, row.step_code)
        found[key] = ReportLine(row.id, row.step_code, row.key_task, place, step.title, number, row.handed_in, row.live)
    lines = found.values()
    return tuple(sorted(lines, key=lambda line: (not line.key_task, line.key_task, line.workflow_id, line.number)))
