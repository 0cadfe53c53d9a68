"""Which cycles a version would open at once, and how many of their steps would be born overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.calendar import WorkCalendar
from engine.compiled import compile_workflow
from engine.cycles import cycles
from engine.definition import PlanDefinition, Text
from engine.instants import Now
from engine.schedule import plan_steps
from models import publishing
from services.amend_reading import members_on
from services.queries.naming import workflow_name


@dataclass(frozen=True, slots=True)
class Starts:
    """A cycle that opens at once: its name, its steps, and how many of them are late already."""

    key_task: str
    code: str
    cycle: str
    name: Text
    steps: int
    overdue: int


def starts(connection: Connection, plan_id: int, plan: PlanDefinition, now: Now, calendar: WorkCalendar) -> Iterator[Starts]:
    """The cycles of ``plan`` whose opening day has come and that have no workflow yet."""
    existing = publishing.existing_cycles(connection, plan_id)
    for task, definition in plan.workflows():
        compiled = compile_workflow(plan, task, definition)
        for cycle in cycles(definition, plan):
            if cycle.opens_on > now.today or (task or "", definition.code, cycle.code) in existing:
                continue
            planned = plan_steps(definition, plan, cycle, calendar, members_on(connection, cycle.opens_on))
            late = [p for p in planned if not (p.prior or p.not_applicable) and p.due_on is not None and p.due_on < now.today]
            name = workflow_name(compiled, cycle.code, confidential=definition.confidential)
            yield Starts(task or "", definition.code, cycle.code, name, len(planned), len(late))
