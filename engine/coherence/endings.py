"""Units that end while the plan runs: what still opens for them afterwards wants a successor."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from engine.coherence.problems import Report
from engine.coherence.steps import units_of
from engine.cycles import cycles
from engine.definition import PlanDefinition, Text, WorkflowDefinition

MOST_NAMED = 6


def check_endings(plan: PlanDefinition, workflows: list[WorkflowDefinition], report: Report) -> None:
    """Adds a warning per day on which units end that lead steps of ``workflows`` (sound ones) in cycles opening later."""
    ends = _without_successor(plan)
    wanted: defaultdict[date, dict[str, None]] = defaultdict(dict)
    for workflow in workflows if ends else ():
        last = max((cycle.opens_on for cycle in cycles(workflow, plan)), default=date.min)
        for unit in (unit for step in workflow.steps for unit in units_of(plan, step)):
            end = ends.get(unit)
            if end and end <= last:
                wanted[end][unit] = None
    for end, units in sorted(wanted.items()):
        place = next(i for i, unit in enumerate(plan.units) if unit.code in units)
        shown = ", ".join(list(units)[:MOST_NAMED]) + (f" … (+{len(units) - MOST_NAMED})" if len(units) > MOST_NAMED else "")
        message = Text(
            f"Kết thúc ngày {end:%d/%m/%Y} nhưng còn chủ trì việc của các chu kỳ mở từ ngày đó: {shown}",
            f"Ending on {end:%d/%m/%Y} but leading work in cycles that open from that day on: {shown}",
        )
        hint = Text("Khai báo đơn vị kế thừa khi thay đổi đơn vị.", "Name the successors in the unit change.")
        report.warning(f"units[{place}].ends_on", "ended-lead", message, hint)


def _without_successor(plan: PlanDefinition) -> dict[str, date]:
    """The units that end, by themselves or by a change of the plan, and leave their work to nobody."""
    ends = {unit.code: unit.ends_on for unit in plan.units if unit.ends_on}
    for change in plan.unit_changes:
        ends |= {unit: change.on for unit, shares in change.heirs.items() if not shares}
    return ends
