"""One step as every list shows it: what, whose, by when, how it stands, what it waits for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from engine.compiled import CompiledWorkflow
from engine.definition import Text
from engine.gates import satisfied
from engine.instants import Now
from engine.statuses import Timeliness, WorkStatus
from engine.timeliness import days_late, timeliness
from models.reading.lines import StepRow
from services.definitions import workflow_of
from services.queries import naming


@dataclass(frozen=True, slots=True)
class StepLine:
    """``place``: "NV4 · 2024". ``number``: which step of its workflow. ``day``: the due date, or the estimate while there is none.

    ``late_days``: calendar days past the date, frozen when the unit's clock stopped. ``left_days``: days to ``day``, None without one.
    ``original_on``: the due date that it had at first. ``closed``: its cycle was closed, nothing moves it.
    ``waits_for``: numbers of the steps that hold a waiting one back.
    ``holder``: the unit whose clock runs. ``recorded``: entered from paper. ``handler``: the account that handles it, None where the viewer
    does not read it in full.
    """

    id: int
    workflow_id: int
    code: str
    slot: str
    title: Text
    place: Text
    number: int
    key_task: str
    lead: str
    holder: str | None
    status: WorkStatus
    timeliness: Timeliness
    due_on: date | None
    day: date | None
    late_days: int
    left_days: int | None
    approval_due_on: date | None
    submitted_on: date | None
    done_on: date | None
    opens_on: date | None
    window: tuple[date, date] | None
    choose_by: date | None
    chosen_on: date | None
    extensions: int
    asked_until: date | None
    waits_for: tuple[int, ...]
    flagged: bool
    recorded: bool
    round: int
    in_full: bool
    closed: bool
    original_on: date | None = None
    handler: int | None = None

    @property
    def blocked(self) -> bool:
        """Past its date without having opened: somebody before it is late."""
        return self.status is WorkStatus.WAITING and self.timeliness is Timeliness.OVERDUE and not self.closed


def step_lines(connection: Connection, rows: Iterable[StepRow], now: Now, *, own_page: bool = False) -> tuple[StepLine, ...]:
    """Lines for ``rows``. ``own_page``: the page of their own workflow, which may show what is confidential to who reads in full."""
    return tuple(step_line(row, definition_of(connection, row), now, own_page=own_page) for row in rows)


def step_line(row: StepRow, workflow: CompiledWorkflow, now: Now, *, own_page: bool = False) -> StepLine:
    """One line; see `step_lines`."""
    status = WorkStatus(row.status)
    confidential = row.confidential and not (own_page and row.in_full)
    day = row.due_on or row.planned_on
    return StepLine(
        id=row.id,
        workflow_id=row.workflow_id,
        code=row.code,
        slot=row.slot,
        title=naming.step_title(workflow, row.code, confidential=confidential),
        place=naming.place(workflow, row.cycle, confidential=confidential),
        number=naming.step_number(workflow, row.code),
        key_task=row.key_task,
        lead=row.lead,
        holder=row.holder,
        status=status,
        timeliness=timeliness(status, row.due_on, now.business, due_at=row.due_at, soon_at=row.soon_at, submitted_on=row.submitted_on),
        due_on=row.due_on,
        day=day,
        late_days=days_late(row.due_on, _stopped_on(row, status), now.today),
        left_days=(day - now.today).days if day else None,
        approval_due_on=row.approval_due_on,
        submitted_on=row.submitted_on,
        done_on=row.done_on,
        opens_on=row.not_before if status is WorkStatus.WAITING else None,
        window=(row.window_first, row.window_last) if row.window_first and row.window_last else None,
        choose_by=row.choose_by,
        chosen_on=row.chosen_on,
        extensions=row.extensions,
        asked_until=date.fromisoformat(row.extension["until"]) if row.extension and row.in_full else None,
        waits_for=waits_for(row, workflow) if status is WorkStatus.WAITING and row.closed_on is None else (),
        flagged=row.flagged,
        recorded=row.recorded,
        round=row.round,
        in_full=row.in_full,
        closed=row.closed_on is not None,
        original_on=row.original_due_on,
        handler=row.handler if row.in_full else None,
    )


def waits_for(row: StepRow, workflow: CompiledWorkflow) -> tuple[int, ...]:
    """Numbers of the steps before this one that still hold it back, as far as the workflow's counts tell."""
    return tuple(naming.step_number(workflow, e.before) for e in workflow.into[row.code] if not satisfied(e, row.counts or {}))


def _stopped_on(row: StepRow, status: WorkStatus) -> date | None:
    """The day on which the unit's clock stopped; None while it runs."""
    if status in (WorkStatus.SUBMITTED, WorkStatus.DONE):
        return row.submitted_on
    return row.suspended_on if status is WorkStatus.SUSPENDED else row.closed_on


def definition_of(connection: Connection, row: StepRow) -> CompiledWorkflow:
    """The definition by which the workflow of ``row`` runs."""
    return workflow_of(connection, {"version_id": row.version_id, "key_task": row.key_task, "code": row.workflow_code})
