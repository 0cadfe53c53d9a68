"""The chain of a step: its lead unit and every link of approval, with whose clock runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.approval import chain
from engine.compiled import CompiledWorkflow
from engine.definition import JoinKind
from engine.statuses import VOID, WITH_UNIT, WorkStatus
from engine.step_state import StepState

S = WorkStatus
HANDED_IN = frozenset({S.SUBMITTED, S.DONE})


@dataclass(frozen=True, slots=True)
class ChainLink:
    """Whoever's clock runs, ran or will run. ``state``: running | done | waiting, void where nobody has to do it any more.

    ``until``: last day, where it is known.
    """

    units: tuple[str, ...]
    role: str  # "lead" or "approver"
    any_of: bool
    within: int
    state: str
    until: date | None = None
    approved: tuple[str, ...] = ()


def clocks_of(step: StepState, workflow: CompiledWorkflow) -> tuple[ChainLink, ...]:
    """The lead unit and every link of approval, with whose clock runs."""
    links = chain(workflow.steps[step.code], step.lead, workflow.plan)
    unit_state = _lead_state(step)
    found = [ChainLink((step.lead,), "lead", False, 0, unit_state, step.due_on if unit_state == "running" else None)]
    for index, link in enumerate(links):
        state = _link_state(step, index)
        running = state == "running"
        found.append(
            ChainLink(
                link.units,
                "approver",
                link.mode is JoinKind.ANY,
                link.within,
                state,
                step.approval_due_on if running else None,
                step.link_approved if running else (),
            )
        )
    return tuple(found)


def _lead_state(step: StepState) -> str:
    if step.status in VOID:
        return "void"
    return "running" if step.status in WITH_UNIT else "done" if step.status in HANDED_IN else "waiting"


def _link_state(step: StepState, index: int) -> str:
    if step.status in VOID:
        return "void"
    if step.status is S.DONE or (step.status is S.SUBMITTED and index < step.link):
        return "done"
    return "running" if step.status is S.SUBMITTED and index == step.link else "waiting"
