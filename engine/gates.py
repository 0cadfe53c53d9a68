"""What joins wait for, counted per step code: the growth of a transaction is the number of step codes, never of units.

``counts`` is plain JSON kept on the workflow row and changed only under its lock::

    {"bao-cao": {"total": 11, "done": 9, "void": 1, "excused": {"tong-hop": {"bu-dop": "open"}}}}

``done`` are approved, ``void`` are not applicable, cancelled or prior (in no denominator). ``excused`` are the slots that the standing
agency told a join not to wait for, each with what has become of it: a late delivery must not count in place of another unit's. ``left``
are the slots that were left unfinished when the cycle was closed: no join waits for them, and they keep no workflow from being finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any

from engine.compiled import CompiledWorkflow, Edge
from engine.definition import Join, JoinKind
from engine.statuses import VOID, WorkStatus

Counts = dict[str, dict[str, Any]]


def initial(steps: Iterable[tuple[str, WorkStatus]]) -> Counts:
    """Counts of freshly made steps, given as (code, status)."""
    counts: Counts = {}
    for code, status in steps:
        entry = counts.setdefault(code, {"total": 0, "done": 0, "void": 0})
        entry["total"] += 1
        kind = _kind(status)
        if kind != "open":
            entry[kind] += 1
    return counts


def moved(counts: Counts, code: str, slot: str, before: WorkStatus, after: WorkStatus) -> Counts:
    """New counts after one step went from ``before`` to ``after``; the given ones are left alone."""
    old, new = _kind(before), _kind(after)
    if old == new:
        return counts
    entry = dict(counts[code])
    for kind, change in ((old, -1), (new, 1)):
        if kind != "open":
            entry[kind] += change
    if slot and "excused" in entry:
        entry["excused"] = {join: {s: new if s == slot else k for s, k in slots.items()} for join, slots in entry["excused"].items()}
    return {**counts, code: entry}


def added(counts: Counts, code: str, status: WorkStatus) -> Counts:
    """New counts with one more step of ``code`` that stands in ``status``."""
    entry = dict(counts.get(code, {"total": 0, "done": 0, "void": 0}))
    kind = _kind(status)
    entry["total"] += 1
    if kind != "open":
        entry[kind] += 1
    return {**counts, code: entry}


def excuse(counts: Counts, edge: Edge, slots: Mapping[str, WorkStatus]) -> Counts:
    """New counts in which the join behind ``edge`` no longer waits for ``slots`` (each with its present status)."""
    entry = dict(counts[edge.before])
    excused = dict(entry.get("excused", {}))
    excused[edge.after] = {**excused.get(edge.after, {}), **{slot: _kind(status) for slot, status in slots.items()}}
    return {**counts, edge.before: {**entry, "excused": excused}}


def satisfied(edge: Edge, counts: Counts) -> bool:
    """Whether ``edge`` no longer holds its step back. Percentages take the ceiling; nothing left to wait for satisfies."""
    live, done = waiting_for(edge, counts)
    return done >= needed(edge.join, live)


def waiting_for(edge: Edge, counts: Counts) -> tuple[int, int]:
    """(how many count for this join, how many of them are done)."""
    entry = counts.get(edge.before, {"total": 0, "done": 0, "void": 0})
    excused = entry.get("excused", {}).get(edge.after, {})
    kinds = list(excused.values())
    left = sum(slot not in excused for slot in entry.get("left", ()))
    live = entry["total"] - entry["void"] - sum(kind != "void" for kind in kinds) - left
    return live, entry["done"] - kinds.count("done")


def needed(join: Join, live: int) -> int:
    """How many of ``live`` steps must be done for ``join``."""
    if join.kind is JoinKind.ANY:
        return min(1, live)
    if join.kind is JoinKind.COUNT:
        return min(join.number, live)
    if join.kind is JoinKind.PERCENT:
        return ceil(live * join.number / 100)
    return live


def openings(workflow: CompiledWorkflow, counts: Counts, code: str, slot: str) -> tuple[tuple[str, str | None], ...]:
    """What may open once ``code`` at ``slot`` is passed: (step code, slot; None for every slot).

    Dependencies within a unit's own chain, other than the one just passed, are for the query that opens to check.
    """
    found = []
    for edge in workflow.out_of[code]:
        joins = [e for e in workflow.into[edge.after] if not e.per_slot]
        if all(satisfied(e, counts) for e in joins):
            found.append((edge.after, slot if edge.per_slot else None))
    return tuple(found)


def all_passed(counts: Counts) -> bool:
    """Whether every step of the workflow is done, void or left unfinished at its closing: the workflow is finished."""
    return all(entry["done"] + entry["void"] + len(entry.get("left", ())) >= entry["total"] for entry in counts.values())


def leave(counts: Counts, slots: Mapping[str, Sequence[str]]) -> Counts:
    """New counts in which ``slots`` (by step code) are left unfinished."""
    return {code: {**entry, "left": sorted(slots[code])} if slots.get(code) else entry for code, entry in counts.items()}


def take_up(counts: Counts) -> Counts:
    """New counts in which nothing is left unfinished any more."""
    return {code: {name: value for name, value in entry.items() if name != "left"} for code, entry in counts.items()}


def _kind(status: WorkStatus) -> str:
    if status in VOID:
        return "void"
    return "done" if status is WorkStatus.DONE else "open"
