"""The process of a workflow as it stands: one box per step code, one mark per unit of a fan-out, and what leads to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.compiled import CompiledWorkflow, Edge
from engine.definition import DueKind, JoinKind, StepDefinition, Text
from engine.gates import Counts, needed, waiting_for
from engine.statuses import WorkStatus
from services.queries import naming
from services.queries.lines import StepLine
from services.queries.marks import Mark, Slot, many, mark_of, mark_of_all, one


class Shape(StrEnum):
    """How a dependency is drawn: one line, one that opens to every unit, one per unit, or many that close to one."""

    ONE = "one"
    OPENS = "opens"
    PER_UNIT = "per-unit"
    JOINS = "joins"


@dataclass(frozen=True, slots=True)
class Link:
    """``before`` and ``after`` are step numbers; ``label`` such as "×11" or "đủ 11"."""

    before: int
    after: int
    shape: Shape
    label: Text


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """``slots``: the steps of this code, one per unit of a fan-out in the group's order. ``group``: the group's title, None for one unit.

    ``mark`` stands for all of them, ``says`` puts it in words. ``day``: the date that most have, or ``window``. ``rule``: how it follows
    from the day T, "" if it does not.
    """

    number: int
    code: str
    title: Text
    group: Text | None
    slots: tuple[Slot, ...]
    mark: Mark
    says: Text
    day: date | None
    window: tuple[date, date] | None
    rule: str
    ours: bool
    opened: bool


@dataclass(frozen=True, slots=True)
class Process:
    steps: tuple[ProcessStep, ...]
    links: tuple[Link, ...]

    def before(self, number: int) -> tuple[Link, ...]:
        """The links that lead to the step ``number``."""
        return tuple(link for link in self.links if link.after == number)


def process(workflow: CompiledWorkflow, counts: Counts, lines: Sequence[StepLine], *, confidential: bool) -> Process:
    """The process with the steps ``lines`` (in the workflow's order); ``confidential`` hides the titles."""
    by_code = {code: [line for line in lines if line.code == code] for code in workflow.steps}
    steps = tuple(_step(workflow, definition, by_code[definition.code], confidential) for definition in workflow.definition.steps)
    links = tuple(_link(workflow, edge, counts) for edges in workflow.into.values() for edge in edges)
    return Process(tuple(s for s in steps if s.slots), links)


def _step(workflow: CompiledWorkflow, definition: StepDefinition, lines: Sequence[StepLine], confidential: bool) -> ProcessStep:
    slots = tuple(Slot(line, mark_of(line)) for line in lines)
    fan_out = definition.for_each is not None
    first = lines[0] if lines else None
    days = Counter(line.day for line in lines if line.day).most_common(1)
    return ProcessStep(
        number=naming.step_number(workflow, definition.code),
        code=definition.code,
        title=naming.step_title(workflow, definition.code, confidential=confidential),
        group=workflow.plan.group(definition.for_each).title if definition.for_each else None,
        slots=slots,
        mark=mark_of_all(slot.mark for slot in slots),
        says=many(slots) if fan_out else one(first) if first else Text(""),
        day=days[0][0] if days else None,
        window=first.window if first else None,
        rule=_rule(definition),
        ours="due" in definition.defaults,
        opened=any(line.status is not WorkStatus.WAITING for line in lines),
    )


def _rule(definition: StepDefinition) -> str:
    if definition.window:
        return f"{definition.window.first.text}…{definition.window.last.text}"
    return definition.due.text if definition.due.kind is DueKind.ANCHOR else ""


def _link(workflow: CompiledWorkflow, edge: Edge, counts: Counts) -> Link:
    many_before = workflow.steps[edge.before].for_each is not None
    many_after = workflow.steps[edge.after].for_each is not None
    before, after = (naming.step_number(workflow, code) for code in (edge.before, edge.after))
    if edge.per_slot:
        return Link(before, after, Shape.PER_UNIT, Text(""))
    if many_before:
        live, _ = waiting_for(edge, counts)
        return Link(before, after, Shape.JOINS, _join_label(edge, live))
    if many_after:
        return Link(before, after, Shape.OPENS, Text(f"×{counts.get(edge.after, {}).get('total', 0)}"))
    return Link(before, after, Shape.ONE, Text(""))


def _join_label(edge: Edge, live: int) -> Text:
    wanted = needed(edge.join, live)
    if edge.join.kind is JoinKind.ALL:
        return Text(f"đủ {live}", f"all {live}")
    return Text(f"{wanted}/{live}", f"{wanted}/{live}")
