"""Checks of a workflow as a whole: its steps, its counters, its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from engine.compiled import CompiledWorkflow, Edge
from engine.gates import Counts, all_passed, initial, leave, satisfied
from engine.statuses import PASSED, VOID, WorkStatus
from services.checks.findings import Broken, Watch

S = WorkStatus


@dataclass(frozen=True, slots=True)
class Whole:
    """A workflow under check. ``steps``: the outline of each (see `models.checking.outline`)."""

    row: RowMapping
    workflow: CompiledWorkflow
    steps: Sequence[RowMapping]
    watch: Watch

    @property
    def id(self) -> int:
        """The workflow's id."""
        return int(self.row["id"])

    def broken(self, invariant: str, what: str, step: RowMapping | None = None) -> Broken:
        """A finding in this workflow."""
        return Broken(invariant, what, self.id, step["id"] if step is not None else None)


def no_step_lost(whole: Whole) -> Iterator[Broken]:
    """The steps are those that the definition plans for this cycle, each once, and those that an amendment has withdrawn."""
    planned = {(p.code, p.slot or "") for p in whole.watch.planned}
    withdrawn = {step.code for step in whole.workflow.definition.steps if step.withdrawn}
    stored = [(s["code"], s["slot"]) for s in whole.steps if s["code"] not in withdrawn]
    for code, slot in sorted(planned - set(stored)):
        yield whole.broken("no-step-lost", f"{code} {slot} is planned and missing")
    if len(stored) != len(planned & set(stored)):
        yield whole.broken("no-step-lost", f"{len(stored)} steps are stored, {len(planned)} are planned")


def status_as_journal(whole: Whole) -> Iterator[Broken]:
    """Each step stands where the journal left it."""
    for step in whole.steps:
        told = whole.watch.statuses.get(step["id"])
        if told != step["status"]:
            yield whole.broken("status-as-journal", f"{step['code']} {step['slot']} is {step['status']}, the journal says {told}", step)


def counters(whole: Whole) -> Iterator[Broken]:
    """The counters that joins read are those that counting the steps gives; the workflow is finished when all of them are passed."""
    counted = leave(initial((s["code"], S(s["status"])) for s in whole.steps), _left(whole))
    stored: Counts = whole.row["counts"]
    for code in sorted(counted.keys() | stored.keys()):
        entry = {k: v for k, v in stored.get(code, {}).items() if k != "excused"}
        if entry != counted.get(code):
            yield whole.broken("counters", f"{code} is counted as {entry}, there are {counted.get(code)}")
    yield from _excused(whole, stored)
    if (whole.row["finished_at"] is not None) != all_passed(counted):
        yield whole.broken("finished", f"finished_at is {whole.row['finished_at']}, all passed is {all_passed(counted)}")


def _left(whole: Whole) -> dict[str, list[str]]:
    """The slots of unfinished steps whose cycle was closed, by step code."""
    found: dict[str, list[str]] = {}
    for step in whole.steps:
        if step["closed_on"] is not None and S(step["status"]) not in PASSED:
            found.setdefault(step["code"], []).append(step["slot"])
    return found


def closing(whole: Whole) -> Iterator[Broken]:
    """In a closed cycle every step is closed, but for what was carried over or reopened since; in others none is."""
    for step in whole.steps:
        closed = step["closed_on"] is not None
        if closed and whole.row["closed_at"] is None:
            yield whole.broken("closing", f"{step['code']} {step['slot']} is closed, its cycle is not", step)
        if not closed and whole.row["closed_at"] is not None and step["id"] not in whole.watch.carried:
            yield whole.broken("closing", f"{step['code']} {step['slot']} was not carried over and is not closed", step)


def _excused(whole: Whole, stored: Counts) -> Iterator[Broken]:
    kinds = {(s["code"], s["slot"]): _kind(s["status"]) for s in whole.steps}
    for code, entry in stored.items():
        for slots in entry.get("excused", {}).values():
            for slot, kind in slots.items():
                if kinds.get((code, slot)) != kind:
                    yield whole.broken("counters", f"{code} {slot} is excused as {kind}, it is {kinds.get((code, slot))}")


def _kind(status: str) -> str:
    if S(status) in VOID:
        return "void"
    return "done" if status == S.DONE else "open"


def order(whole: Whole) -> Iterator[Broken]:
    """Whatever opened had everything before it passed, unless it was opened by hand, or flagged since something before was reopened."""
    statuses = {(s["code"], s["slot"]): S(s["status"]) for s in whole.steps}
    for step in whole.steps:
        if S(step["status"]) in VOID | {S.WAITING, S.SUSPENDED} or step["flagged"] or step["id"] in whole.watch.by_hand:
            continue
        for edge in whole.workflow.into[step["code"]]:
            if not _passed(edge, step, statuses, whole.row["counts"]):
                yield whole.broken("order", f"{step['code']} {step['slot']} is {step['status']}, {edge.before} is not passed", step)


def nothing_stuck(whole: Whole, today: date) -> Iterator[Broken]:
    """Whatever waits has something to wait for: a step before it, or its day."""
    statuses = {(s["code"], s["slot"]): S(s["status"]) for s in whole.steps}
    for step in whole.steps:
        if step["status"] != S.WAITING or step["closed_on"] is not None or (step["not_before"] is not None and step["not_before"] > today):
            continue
        if all(_passed(edge, step, statuses, whole.row["counts"]) for edge in whole.workflow.into[step["code"]]):
            yield whole.broken("nothing-stuck", f"{step['code']} {step['slot']} waits for nothing", step)


def _passed(edge: Edge, step: RowMapping, statuses: dict[tuple[str, str], WorkStatus], counts: dict[str, Any]) -> bool:
    if edge.per_slot:
        return statuses.get((edge.before, step["slot"])) in PASSED
    return satisfied(edge, counts)
