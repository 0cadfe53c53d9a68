"""Which of a flow run's mirrored steps have to change. Pure: what is shown and what should be, in; changes, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.flow_view import FlowStep

OVERDUE = "Quá hạn"


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as Prefect shows it: its Prefect task run, the name of that, and kind and name of its state."""

    task_run_id: UUID
    name: str
    mirror: str
    state_name: str


@dataclass(frozen=True, slots=True)
class Change:
    """What to do for one step: create its mirror, or give it a new state or a new name."""

    step: FlowStep
    shown: Shown | None
    renamed: bool
    restated: bool

    @property
    def newly_overdue(self) -> bool:
        """Whether this is the moment in which the step is first shown as overdue."""
        return self.step.state_name == OVERDUE and (self.shown is None or self.shown.state_name != OVERDUE)


def mirror_name(step: FlowStep) -> str:
    """How the step is called in Prefect."""
    return f"{step.title} · {step.unit}"


def changes(steps: Iterable[FlowStep], shown: Mapping[int, Shown]) -> list[Change]:
    """The changes that make ``shown`` (by step id) show ``steps``; a mirror without a step stays as it is."""
    found = (_change(step, shown.get(step.step_id)) for step in steps)
    return [change for change in found if change.shown is None or change.renamed or change.restated]


def _change(step: FlowStep, shown: Shown | None) -> Change:
    if shown is None:
        return Change(step, None, renamed=False, restated=False)
    return Change(
        step, shown, renamed=shown.name != mirror_name(step), restated=(shown.mirror, shown.state_name) != (step.mirror, step.state_name)
    )
