"""What a step builds on: the papers and figures that the steps before it handed in, as far as its reader reads those steps in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.compiled import CompiledWorkflow, Edge
from engine.definition import Text
from engine.step_state import StepState
from models.reading import results as sql
from services.queries import step_parts as parts
from services.queries.step_clocks import HANDED_IN
from services.queries.step_parts import RoundLine

MOST = 12  # units of one fan-out that are shown; there may be hundreds


@dataclass(frozen=True, slots=True)
class Result:
    """What one step before handed in last."""

    step_id: int
    lead: str
    round: RoundLine


@dataclass(frozen=True, slots=True)
class Source:
    """One step code before, with what was handed in of it. ``more``: units that are not listed. ``sums``: it has figures of many units."""

    code: str
    title: Text
    results: tuple[Result, ...]
    more: int
    sums: bool


def step_results(
    connection: Connection, viewer: Actor, edges: Iterable[Edge], step: StepState, workflow: CompiledWorkflow, near: Sequence[Any]
) -> tuple[Source, ...]:
    """The sources behind ``edges``, those without anything handed in left out. ``near``: rows of the steps before, in their order."""
    chosen: dict[str, list[int]] = {}
    for edge in edges:
        rows = [r for r in near if r.code == edge.before and r.status in HANDED_IN and (not edge.per_slot or r.slot == step.slot)]
        chosen[edge.before] = [row.id for row in rows]
    shown = {id_ for ids in chosen.values() for id_ in ids[:MOST]}
    if not shown:
        return ()
    files, amended = sql.files(connection, viewer, shown), sql.corrections(connection, viewer, shown)
    found: dict[str, list[Result]] = {}
    for row in sql.rounds(connection, viewer, shown):
        own = [file for file in files if file.step_id == row.step_id]
        line = parts.rounds([row], workflow, row.code, own, amended.get(row.step_id, ()))[0]
        found.setdefault(row.code, []).append(Result(row.step_id, row.lead, line))
    return tuple(
        Source(
            code, workflow.steps[code].title, tuple(found[code]), max(0, len(ids) - MOST),
            bool(workflow.steps[code].for_each and workflow.steps[code].figures),
        )
        for code, ids in chosen.items()
        if code in found
    )  # fmt: skip
