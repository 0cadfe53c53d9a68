"""What a change of units does to one running step: who leads it now, and who still has to confirm it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.approval import chain, is_complete
from engine.compiled import CompiledWorkflow
from engine.statuses import WorkStatus
from engine.step_state import StepState
from engine.units import UnitChange, step_place


@dataclass(frozen=True, slots=True)
class StepMove:
    """A step before and after. ``approvers``, ``approvers_after``: who still has to confirm it in any link.

    ``changes``: new values of `StepState` fields. ``agency_instead``: the named successor could not be confirmed by anybody.
    """

    step: StepState
    lead: str
    approvers: tuple[str, ...]
    approvers_after: tuple[str, ...]
    changes: dict[str, Any]
    agency_instead: bool = False

    def __bool__(self) -> bool:
        return self.lead != self.step.lead or self.approvers != self.approvers_after or bool(self.changes)


def step_after(step: StepState, before: CompiledWorkflow, after: CompiledWorkflow, change: UnitChange) -> StepMove:
    """The unfinished ``step`` once ``change`` holds. ``before`` and ``after``: its workflow's definition without and with it.

    A round that waits for confirmation always keeps somebody who confirms: where the new lead would be confirmed by nobody, the standing
    agency leads instead. What one unit had approved for two that are one now is asked for again.
    """
    place = step_place(before.key_task, before.definition.code, step.code)
    wanted = lead = change.lead_after(step.lead, place, step.id)
    waits = step.status is WorkStatus.SUBMITTED
    if waits and lead != step.lead and step.link >= len(chain(after.steps[step.code], lead, after.plan)):
        lead = after.plan.standing_agency
    changes: dict[str, Any] = {"lead": lead} if lead != step.lead else {}
    approved = tuple(dict.fromkeys(change.default_after(unit) for unit in step.link_approved))
    links = chain(after.steps[step.code], lead, after.plan)
    if waits and step.link < len(links) and is_complete(links[step.link], frozenset(approved)):
        approved = ()
    if approved != step.link_approved:
        changes["link_approved"] = list(approved)
    first = step.link if waits else 0
    return StepMove(step, lead, _units(step, step.lead, before, first), _units(step, lead, after, first), changes, lead != wanted)


def _units(step: StepState, lead: str, workflow: CompiledWorkflow, first: int) -> tuple[str, ...]:
    links = chain(workflow.steps[step.code], lead, workflow.plan)[first:]
    return tuple(dict.fromkeys(unit for link in links for unit in link.units))
