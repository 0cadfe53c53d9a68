"""Checks of single steps: one lead, one state, dates from the ledger, derived columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping

from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.derived import derived
from engine.instants import Now
from engine.statuses import UNFINISHED, VOID, WITH_UNIT, WorkStatus
from engine.step_state import from_row
from services.checks.findings import Broken
from services.sweep import next_instant

S = WorkStatus
COLUMNS = ("due_at", "soon_at", "approval_due_at", "clock_holder")


def _broken(invariant: str, step: RowMapping, what: str) -> Broken:
    return Broken(invariant, f"{step['code']} {step['slot']}: {what}", step["workflow_id"], step["id"])


def one_lead(step: RowMapping, leads: set[tuple[int, str]], units: frozenset[str]) -> Iterator[Broken]:
    """Exactly one unit of the plan answers for it, and can read it."""
    if step["lead"] not in units:
        yield _broken("one-lead", step, f"its lead {step['lead']!r} is no unit of the plan")
    elif (step["id"], step["lead"]) not in leads:
        yield _broken("one-lead", step, f"its lead {step['lead']} does not take part in it")


def lead_exists(step: RowMapping, workflow: CompiledWorkflow, today: date) -> Iterator[Broken]:
    """While it is not finished, whoever leads it has not ended."""
    ends_on = next((unit.ends_on for unit in workflow.plan.units if unit.code == step["lead"]), None)
    runs = S(step["status"]) in UNFINISHED and step["closed_on"] is None
    if runs and ends_on is not None and ends_on <= today:
        yield _broken("lead-exists", step, f"its lead {step['lead']} ended on {ends_on}")


def one_state(step: RowMapping) -> Iterator[Broken]:
    """It is not done and open at once: what its status implies is there, what it excludes is not."""
    for what in (*_done_or_not(step), *_begun_or_not(step)):
        yield _broken("one-state", step, f"{step['status']}, but {what}")


def _done_or_not(step: RowMapping) -> Iterator[str]:
    status = S(step["status"])
    if (status is S.DONE) != (step["done_on"] is not None) or (status is S.DONE) != (step["done_at"] is not None):
        yield f"done_on is {step['done_on']} and done_at {step['done_at']}"
    stands = status not in UNFINISHED or step["closed_on"] is not None
    if stands and (step["clock_holder"] is not None or step["next_rung_at"] is not None):
        yield f"the clock of {step['clock_holder']} runs, next look {step['next_rung_at']}"
    if (status is S.SUSPENDED) != (step["suspended_on"] is not None):
        yield f"suspended_on is {step['suspended_on']}"


def _begun_or_not(step: RowMapping) -> Iterator[str]:
    status = S(step["status"])
    opened = status in WITH_UNIT | {S.SUBMITTED, S.REFUSED, S.DONE}
    if opened and step["opened_on"] is None:
        yield "it never opened"
    if status is S.WAITING and (step["opened_on"] is not None or step["opened_seq"] is not None):
        yield f"it opened on {step['opened_on']}"
    if status is S.SUBMITTED and (step["submitted_on"] is None or step["submitted_by"] is None or not step["round"]):
        yield f"round {step['round']} was submitted on {step['submitted_on']} by {step['submitted_by']}"
    if status in WITH_UNIT and step["submitted_on"] is not None:
        yield f"it was submitted on {step['submitted_on']}"


def ledger(step: RowMapping, entries: Sequence[RowMapping]) -> Iterator[Broken]:
    """The present date is the ledger's last, the original one its first; versions run without a gap."""
    versions = [e["due_version"] for e in entries]
    granted = sum((e["kind"] == "extension") - (e["kind"] == "taken-back") for e in entries)
    if granted != step["extensions"]:
        yield _broken("ledger", step, f"{step['extensions']} extensions, the ledger has {granted}")
    if not entries:
        if step["due_on"] is not None:
            yield _broken("ledger", step, f"due on {step['due_on']}, the ledger is empty")
        return
    if versions != list(range(versions[0], versions[0] + len(versions))) or versions[-1] != step["due_version"]:
        yield _broken("ledger", step, f"due date number {step['due_version']}, the ledger has {versions}")
    if entries[-1]["due_on"] != step["due_on"]:
        yield _broken("ledger", step, f"due on {step['due_on']}, the ledger says {entries[-1]['due_on']}")
    origins = [e["due_on"] for e in entries if e["kind"] in ("original", "opened")]
    if origins and origins[-1] != step["original_due_on"]:
        yield _broken("ledger", step, f"originally due on {step['original_due_on']}, the ledger says {origins[-1]}")


def rounds(step: RowMapping, stored: Sequence[RowMapping]) -> Iterator[Broken]:
    """Every round that was submitted is kept, from 1 on."""
    numbers = [r["number"] for r in stored]
    if numbers != list(range(1, step["round"] + 1)):
        yield _broken("rounds", step, f"in round {step['round']}, rounds {numbers} are kept")


def columns(step: RowMapping, workflow: CompiledWorkflow, at: datetime) -> Iterator[Broken]:
    """Due instants and clock holder are what the status and the dates give."""
    expected = derived(from_row(step), {}, workflow, Now(at, at))
    for name in COLUMNS:
        if step[name] != expected[name]:
            yield _broken("columns", step, f"{name} is {step[name]}, it should be {expected[name]}")


def next_look(step: RowMapping, workflow: CompiledWorkflow, at: datetime, calendar: WorkCalendar) -> Iterator[Broken]:
    """The sweep comes back no later than the next mark or rung."""
    status, due = S(step["status"]), step["next_rung_at"]
    if status in VOID | {S.DONE, S.SUSPENDED} or step["closed_on"] is not None or (due is not None and due <= at):
        return
    expected = _next_mark(step, at) if status is S.WAITING else next_instant(step, at, calendar, workflow.ladders[step["code"]])
    if expected is not None and (due is None or due > expected):
        yield _broken("next-look", step, f"the sweep looks again at {due}, it should at {expected}")


def _next_mark(step: Any, at: datetime) -> datetime | None:
    return step["due_at"] if step["due_at"] is not None and step["due_at"] > at else None
