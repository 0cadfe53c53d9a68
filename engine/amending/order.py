"""What the order of steps says to an amendment: what has opened stays opened, and what waits for nothing more may open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from engine.amending.bounds import Refusal
from engine.amending.change import Standing, StepChange
from engine.compiled import CompiledWorkflow, Edge
from engine.definition import Text
from engine.gates import Counts, added, moved, satisfied
from engine.statuses import PASSED, VOID, WorkStatus

S = WorkStatus
Statuses = Mapping[tuple[str, str], WorkStatus]


def counts_after(counts: Counts, steps: Sequence[Standing], changes: Sequence[StepChange]) -> Counts:
    """What joins wait for once ``changes`` are made."""
    before = {s.step.id: s.step.status for s in steps}
    for change in changes:
        if change.step_id is None:
            counts = added(counts, change.code, change.status)
        else:
            counts = moved(counts, change.code, change.slot, before[change.step_id], change.status)
    return counts


def statuses_after(steps: Sequence[Standing], changes: Sequence[StepChange]) -> dict[tuple[str, str], WorkStatus]:
    """How every step stands once ``changes`` are made, by code and slot."""
    found = {(s.step.code, s.step.slot): s.step.status for s in steps}
    return found | {(c.code, c.slot): c.status for c in changes}


def order_refusals(
    old: CompiledWorkflow, new: CompiledWorkflow, steps: Sequence[Standing], counts: Counts, changes: Sequence[StepChange]
) -> Iterator[Refusal]:
    """Steps that have opened and would now have an unpassed step before them. What was excused before stays excused."""
    was = {(s.step.code, s.step.slot): s.step.status for s in steps}
    now, counted = statuses_after(steps, changes), counts_after(counts, steps, changes)
    flagged = {(s.step.code, s.step.slot) for s in steps if s.flagged}
    for (code, slot), status in was.items():
        if status in VOID | {S.WAITING, S.SUSPENDED} or now[code, slot] in VOID or (code, slot) in flagged:
            continue
        known = {e.before: e for e in old.into[code]}
        for edge in new.into[code]:
            excused = edge.before in known and not _passed(known[edge.before], slot, was, counts)
            if not excused and not _passed(edge, slot, now, counted):
                before = new.steps[edge.before].title
                reason = Text(
                    f"bước đã mở, không thể đặt “{before.vi}” trước nó", f"the step has opened; “{before.in_('en')}” cannot come before it"
                )
                yield Refusal(reason, Text("Đặt bước đó sau, hoặc chờ chu kỳ sau.", "Put it later, or wait for the next cycle."), code)


def opens(
    new: CompiledWorkflow, steps: Sequence[Standing], counts: Counts, changes: Sequence[StepChange], today: date
) -> tuple[tuple[str, str], ...]:
    """The waiting steps that can open once ``changes`` are made, by code and slot."""
    now, counted = statuses_after(steps, changes), counts_after(counts, steps, changes)
    days = {(s.step.code, s.step.slot): s.not_before for s in steps}
    days |= {(c.code, c.slot): c.planned.not_before for c in changes if c.planned}
    days |= {(c.code, c.slot): c.columns["not_before"] for c in changes if "not_before" in c.columns}

    def ready(code: str, slot: str) -> bool:
        day = days.get((code, slot))
        return (day is None or day <= today) and all(_passed(edge, slot, now, counted) for edge in new.into[code])

    return tuple(place for place, status in now.items() if status is S.WAITING and ready(*place))


def _passed(edge: Edge, slot: str, statuses: Statuses, counts: Counts) -> bool:
    if edge.per_slot:
        return statuses.get((edge.before, slot), S.NOT_APPLICABLE) in PASSED
    return satisfied(edge, counts)
