"""Which steps a later date overtakes: those that come after a step and are due before it would be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.attribution import Place
from engine.compiled import CompiledWorkflow
from engine.statuses import UNFINISHED, WorkStatus


@dataclass(frozen=True, slots=True)
class Later:
    """A step that may come after another one. ``due_on``: its date, or the estimate while it has none."""

    id: int
    code: str
    slot: str
    status: WorkStatus
    due_on: date | None


def overtaken(workflow: CompiledWorkflow, place: Place, steps: Iterable[Later], until: date) -> tuple[Later, ...]:
    """The unfinished steps that wait for the one at ``place``, directly or through others, and are due before ``until``.

    The nearest first.
    """
    after = _after(workflow, place)
    early = [(step.due_on, step) for step in steps if step.status in UNFINISHED and step.due_on is not None and step.due_on < until]
    found = [(due_on, step) for due_on, step in early if step.code in after and after[step.code] in (None, step.slot)]
    return tuple(step for _, step in sorted(found, key=lambda pair: (pair[0], pair[1].code, pair[1].slot)))


def _after(workflow: CompiledWorkflow, place: Place) -> dict[str, str | None]:
    """Every step code that waits for ``place``, with the one slot concerned or None for all."""
    found: dict[str, str | None] = {}
    todo: list[tuple[str, str | None]] = [place]
    while todo:
        code, slot = todo.pop()
        for edge in workflow.out_of[code]:
            following = slot if edge.per_slot else None
            if edge.after not in found or (following is None and found[edge.after] is not None):
                found[edge.after] = following
                todo.append((edge.after, following))
    return found
