"""Opening what may open: successors of a passed step, steps whose day has come, steps opened by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.cycles import Cycle
from engine.definition import DueKind
from engine.facts import Fact
from engine.instants import Now
from engine.schedule import due_when_opened
from engine.statuses import PASSED, WorkStatus
from engine.timeliness import clocks
from models.opening import Candidate, open_waiting
from services.definitions import cycle_of

PASSED_VALUES = tuple(sorted(PASSED))


@dataclass
class Opened:
    """What opened: ids and facts, and the ledger rows of dates that only now became known."""

    ids: list[int] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)


def opened_values(seq: int, now: Now) -> dict[str, Any]:
    """The columns of any step that opens by the journal entry ``seq``."""
    return {
        "status": WorkStatus.OPEN.value, "opened_on": now.today, "opened_at": now.business, "opened_seq": seq, "next_rung_at": now.business,
    }  # fmt: skip


def opened_dates(workflow: CompiledWorkflow, code: str, cycle: Cycle, *, opened_on: date, calendar: WorkCalendar) -> dict[str, Any]:
    """The columns of a date that counts from opening: it becomes known here, the same for every unit. Empty for other steps."""
    definition = workflow.steps[code]
    if definition.due.kind is not DueKind.AFTER:
        return {}
    due = due_when_opened(definition, opened_on=opened_on, cycle=cycle, plan=workflow.plan, calendar=calendar)
    derived = clocks(WorkStatus.OPEN, due)
    return {"due_on": due, "original_due_on": due, "planned_on": due, "due_at": derived.due_at, "soon_at": derived.soon_at}


def open_candidates(
    connection: Connection, candidates: Iterable[tuple[str, str | None]], *, workflow: CompiledWorkflow, row: Any, seq: int, now: Now,
    calendar: WorkCalendar, into: Opened, dated: frozenset[str] = frozenset(),
) -> None:  # fmt: skip
    """Open the waiting steps among ``candidates`` (code, slot or None for all): one statement, whatever their number.

    ``dated``: codes whose date is known although it counts from opening, since nothing that would open them has to be done.
    """
    cycle = cycle_of(row)
    found = []
    for code, slots in _by_code(candidates).items():
        dates = {} if code in dated else opened_dates(workflow, code, cycle, opened_on=now.today, calendar=calendar)
        found.append(_candidate(workflow, code, slots, dates))
    rows = open_waiting(connection, row["id"], found, today=now.today, passed=PASSED_VALUES, changes=opened_values(seq, now))
    into.ids += [r.id for r in rows]
    for candidate in found:
        opened = [r for r in rows if r.code == candidate.code]
        if not opened:
            continue
        one = {"step": opened[0].id, "slot": opened[0].slot} if len(opened) == 1 else {"count": len(opened)}
        into.facts.append(Fact("step.opened", {"code": candidate.code, **one}))
        if candidate.dates:
            into.ledger += [ledger_row(r.id, r.due_version, "opened", candidate.dates["due_on"], now) for r in opened]


def _by_code(candidates: Iterable[tuple[str, str | None]]) -> dict[str, tuple[str, ...] | None]:
    """The slots asked for of each code; None where all are."""
    found: dict[str, tuple[str, ...] | None] = {}
    for code, slot in candidates:
        slots = found.get(code, ())
        found[code] = None if slot is None or slots is None else (*slots, slot)
    return found


def _candidate(workflow: CompiledWorkflow, code: str, slots: tuple[str, ...] | None, dates: dict[str, Any]) -> Candidate:
    """A single unit's step need not check the one predecessor that was just passed."""
    own_chain = tuple(e.before for e in workflow.into[code] if e.per_slot)
    return Candidate(code, slots, own_chain if slots is None or len(own_chain) > 1 else (), dates)


def ledger_row(
    step_id: int, due_version: int, kind: str, due_on: date | None, now: Now, *, account_id: int = 0, document: str = "", reason: str = "",
    working_days: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A row of the deadline ledger. ``working_days``: how many a suspension added."""
    return {
        "step_id": step_id, "due_version": due_version, "kind": kind, "due_on": due_on, "account_id": account_id, "document": document,
        "reason": reason, "at": now.business, "working_days": working_days,
    }  # fmt: skip
