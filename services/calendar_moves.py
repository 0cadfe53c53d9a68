"""Which dates of running workflows another calendar moves: read in one go, worked out by the engine, nothing written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping

from engine.calendar import WorkCalendar
from engine.calendar_change import Recount, Running, recount
from engine.compiled import CompiledWorkflow
from engine.instants import Now, local_day
from engine.ladder import Ladders
from engine.statuses import WITH_UNIT, WorkStatus
from engine.step_state import Ledger
from models import running_dates as sql
from services.definitions import cycle_of, workflow_of
from services.sweep import next_instant

S = WorkStatus
AT_ONCE = 100  # workflows


@dataclass(frozen=True, slots=True)
class Recounted:
    """One workflow under another calendar. ``early``: steps whose next reminder then falls before the sweep would look at them."""

    row: Any
    workflow: CompiledWorkflow
    steps: dict[int, RowMapping]
    recount: Recount
    early: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.recount.moves or self.recount.estimates or self.early)


def every_recount(connection: Connection, calendar: WorkCalendar, now: Now) -> Iterator[Recounted]:
    """Each running workflow for which ``calendar`` changes anything, by id."""
    after = 0
    while rows := sql.running_workflows(connection, after, AT_ONCE):
        yield from (found for found in recounts(connection, rows, calendar, now) if found)
        after = rows[-1]["id"]


def recounts(connection: Connection, rows: Sequence[Any], calendar: WorkCalendar, now: Now) -> list[Recounted]:
    """The workflows ``rows`` under ``calendar``."""
    steps = sql.unfinished_steps(connection, [row["id"] for row in rows])
    ledgers = sql.ledgers(connection, [step["id"] for step in steps])
    later = sql.later_links(connection, [step["id"] for step in steps if step["status"] == S.SUBMITTED and step["link"]])
    found = []
    for row in rows:
        own = {step["id"]: step for step in steps if step["workflow_id"] == row["id"]}
        running = [_running(step, ledgers[id_], _link_since(step, later)) for id_, step in own.items()]
        workflow = workflow_of(connection, row)
        early = tuple(id_ for id_, step in own.items() if _looked_at_too_late(step, workflow.ladders[step["code"]], calendar, now))
        found.append(Recounted(row, workflow, own, recount(workflow, cycle_of(row), running, calendar), early))
    return found


def _running(step: RowMapping, ledger: Sequence[Any], link_since: date | None) -> Running:
    entries = tuple(Ledger(entry.kind, entry.due_on, working_days=entry.working_days) for entry in ledger)
    return Running(
        step["id"], step["code"], step["slot"], step["lead"], S(step["status"]), step["opened_on"], step["due_on"], step["planned_on"],
        step["link"], step["approval_due_on"], link_since, entries,
    )  # fmt: skip


def _link_since(step: RowMapping, later: dict[int, Any]) -> date | None:
    """The first link's clock began when the round was handed in, a later one's when the link before it approved."""
    began = later.get(step["id"]) if step["link"] else step["submitted_at"]
    return local_day(began) if began is not None else None


def _looked_at_too_late(step: RowMapping, ladders: Ladders, calendar: WorkCalendar, now: Now) -> bool:
    look = step["next_rung_at"]
    if S(step["status"]) not in WITH_UNIT | {S.SUBMITTED} or (look is not None and look <= now.business):
        return False
    expected = next_instant(step, now.business, calendar, ladders)
    return expected is not None and (look is None or expected < look)
