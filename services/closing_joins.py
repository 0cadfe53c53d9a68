"""Closing a join without some units: it stops waiting for them, their steps stay open and owed."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.compiled import CompiledWorkflow, Edge
from engine.definition import Text
from engine.errors import Invalid, Refused
from engine.gates import Counts, excuse, satisfied
from engine.statuses import UNFINISHED, WorkStatus
from models.action_path import statuses_of_slots


def without(
    connection: Connection, workflow_id: int, workflow: CompiledWorkflow, code: str, counts: Counts, units: tuple[str, ...]
) -> Counts:
    """New counts, in which the step ``code`` no longer waits for ``units``.

    Raises Invalid for a unit that the step before does not have, Refused if the join would still wait: for a unit that was not named, or
    for a step of another kind.
    """
    for edge in workflow.into[code]:
        if edge.per_slot:
            continue
        if workflow.steps[edge.before].for_each:
            slots = {slot: WorkStatus(s) for slot, s in statuses_of_slots(connection, workflow_id, edge.before).items()}
            counts = _excused(edge, slots, counts, units)
        elif not satisfied(edge, counts):
            title = workflow.steps[edge.before].title
            hint = Text("Dùng “Mở sớm” nếu phải mở ngay.", "Open it early if it cannot wait.")
            raise _still_waiting(Text(f"“{title.vi}”", f"“{title.in_('en')}”"), hint)
    return counts


def _excused(edge: Edge, slots: dict[str, WorkStatus], counts: Counts, units: tuple[str, ...]) -> Counts:
    unknown = ", ".join(sorted(set(units) - slots.keys()))
    if unknown:
        raise Invalid(
            Text(f"Bước trước không có: {unknown}.", f"The step before has none of: {unknown}."), code="unknown-unit", field="units"
        )
    counts = excuse(counts, edge, {u: slots[u] for u in units if slots[u] in UNFINISHED})
    if not satisfied(edge, counts):
        missing = ", ".join(s for s, status in slots.items() if status in UNFINISHED and s not in units)
        raise _still_waiting(Text(missing, missing), Text("Chọn tất cả đơn vị còn thiếu.", "Name every missing unit."))
    return counts


def _still_waiting(what: Text, hint: Text) -> Refused:
    return Refused(Text(f"Vẫn còn chờ: {what.vi}.", f"It still waits for: {what.en}."), code="still-waiting", hint=hint)
