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
from models import action_path as sql
from services.definitions import cycle_of

PASSED_VALUES = tuple(sorted(PASSED))


@dataclass
class Opened:
    """What opened: ids and facts, and the ledger rows of dates that only now became known."""

    ids: list[int] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)


def opened_values(
    workflow: CompiledWorkflow, code: str, cycle: Cycle, *, opened_on: date, seq: int, now: Now, calendar: WorkCalendar,
    dated: frozenset[str] = frozenset(),
) -> dict[str, Any]:  # fmt: skip
    """The columns of a step of ``code`` that opens. A date that counts from opening becomes known here, the same for every unit."""
    definition = workflow.steps[code]
    values: dict[str, Any] = {
        "status": WorkStatus.OPEN.value, "opened_on": opened_on, "opened_at": now.business, "opened_seq": seq, "next_rung_at": now.business,
    }  # fmt: skip
    if definition.due.kind is DueKind.AFTER and code not in dated:
        due = due_when_opened(definition, opened_on=opened_on, cycle=cycle, plan=workflow.plan, calendar=calendar)
        derived = clocks(WorkStatus.OPEN, due)
        values |= {"due_on": due, "original_due_on": due, "planned_on": due, "due_at": derived.due_at, "soon_at": derived.soon_at}
    return values


def open_candidates(
    connection: Connection, candidates: Iterable[tuple[str, str | None]], *, workflow: CompiledWorkflow, row: Any, seq: int, now: Now,
    calendar: WorkCalendar, into: Opened, dated: frozenset[str] = frozenset(),
) -> None:  # fmt: skip
    """Open the waiting steps among ``candidates`` (code, slot or None for all): one statement per code, whatever the number of units.

    ``dated``: codes whose date is known although it counts from opening, since nothing that would open them has to be done.
    """
    for code, slot in candidates:
        values = opened_values(workflow, code, cycle_of(row), opened_on=now.today, seq=seq, now=now, calendar=calendar, dated=dated)
        own_chain = tuple(e.before for e in workflow.into[code] if e.per_slot)
        chain_to_check = own_chain if slot is None or len(own_chain) > 1 else ()
        found = sql.open_waiting(
            connection, row["id"], code, slot, today=now.today, own_chain=chain_to_check, passed=PASSED_VALUES, changes=values
        )  # fmt: skip
        if not found:
            continue
        into.ids += [r.id for r in found]
        one = {"step": found[0].id, "slot": found[0].slot} if len(found) == 1 else {"count": len(found)}
        into.facts.append(Fact("step.opened", {"code": code, **one}))
        if "due_on" in values:
            into.ledger += [ledger_row(r.id, r.due_version, "opened", values["due_on"], now) for r in found]


def ledger_row(step_id: int, due_version: int, kind: str, due_on: date | None, now: Now, *, account_id: int = 0, document: str = "", reason: str = "") -> dict[str, Any]:  # fmt: skip
    """A row of the deadline ledger."""
    return {
        "step_id": step_id, "due_version": due_version, "kind": kind, "due_on": due_on, "account_id": account_id, "document": document,
        "reason": reason, "at": now.business,
    }  # fmt: skip
