"""What an action on figures needs beside what the person gave, read under the workflow's lock: nobody's page decides what a sum is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.compiled import CompiledWorkflow
from engine.consolidation import consolidated
from engine.facts import Fact
from engine.reporting import Sum
from engine.standings import FIELD, Reported, standing, tell
from engine.step_state import StepState
from models import figures as sql


def sums_of(connection: Connection, workflow_id: int, sums: Sequence[Sum]) -> dict[str, Any]:
    """``figures`` and ``basis`` of a step that takes ``sums`` over, as the reports stand now."""
    figures, basis = consolidated(sums, reports_of(connection, workflow_id, {s.source for s in sums}))
    return {"figures": figures, "basis": basis}


def outdated(connection: Connection, facts: Iterable[Fact], *, step: StepState, workflow: CompiledWorkflow, workflow_id: int) -> list[Fact]:
    """A fact for every step that took over a figure which ``facts`` correct: what it reported is no longer the sum."""
    corrected = {f.data["field"].removeprefix(FIELD) for f in facts if f.kind == "step.corrected" and f.data["field"].startswith(FIELD)}
    codes = {code for code, sums in workflow.sums.items() if any(s.source == step.code and s.figure in corrected for s in sums)}
    if not codes:
        return []
    return [
        Fact("step.sources-corrected", {"step": row.id, "code": row.code, "slot": row.slot})
        for row in sql.consolidating(connection, workflow_id, codes)
        if step.slot in (row.draft or {}).get("consolidated", {}).get(step.code, {}).get("units", {})
        or step.slot in (row.body or {}).get("consolidated", {}).get(step.code, {}).get("units", {})
    ]


def reports_of(connection: Connection, workflow_id: int, codes: Iterable[str]) -> dict[str, dict[str, Reported]]:
    """How the figures of the workflow's steps of ``codes`` stand now: code → slot → report."""
    rows = sql.sources(connection, workflow_id, set(codes))
    reported = _of_steps(connection, [row.id for row in rows])
    found: dict[str, dict[str, Reported]] = {code: {} for code in codes}
    for row in rows:
        found[row.code][row.slot] = reported[row.id]
    return found


def _of_steps(connection: Connection, steps: Sequence[int]) -> dict[int, Reported]:
    return reported_by(steps, sql.rounds(connection, steps), sql.entries(connection, steps))


def reported_by(steps: Sequence[int], rounds: Iterable[Any], entries: Iterable[Any], **when: Any) -> dict[int, Reported]:
    """Each of ``steps`` as its ``rounds`` and journal ``entries`` say; ``when``: ``day`` and ``as_of`` of `engine.standings.standing`."""
    kept = rounds_by_step(rounds)
    bodies: dict[int, list[Any]] = {}
    for entry in entries:
        bodies.setdefault(entry.step_id, []).append((entry.at, entry.body))
    return {id_: standing(tell(bodies.get(id_, ())), kept.get(id_, {}), **when) for id_ in steps}


def rounds_by_step(rounds: Iterable[Any]) -> dict[int, dict[int, Mapping[str, Any]]]:
    """step → number → the values of the round and whether it was recorded from paper."""
    found: dict[int, dict[int, Mapping[str, Any]]] = {}
    for row in rounds:
        found.setdefault(row.step_id, {})[row.number] = {"figures": row.body.get("figures", {}), "recorded": row.recorded}
    return found
