"""The difference that a plan's next version makes to a workflow that runs.

Added steps wait, removed ones are not applicable, dates move with their rule, a date that a person named stays, and so does whatever is
done. Where this cannot be, a refusal says why; then the workflow is to stay under its version, or the amendment to be another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from engine.amending.bounds import Refusal
from engine.amending.change import Difference, Kind, Standing, Stays, StepChange
from engine.amending.order import opens, order_refusals
from engine.amending.step import OF_THE_WORK, changed_fields, removed, restored, revised
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.cycles import Cycle
from engine.definition import Text
from engine.gates import Counts
from engine.schedule import PlannedStep, plan_steps
from engine.statuses import PASSED, VOID, WorkStatus

S = WorkStatus
DONE_STAYS = Text("đã xong, giữ nguyên", "finished, stays as it is")
HINT_DONE = Text("Việc đã xong không sửa được; để chu kỳ này theo bản cũ.", "What is done cannot be amended; leave this cycle as it is.")


@dataclass(frozen=True)
class Running:
    """A workflow that runs, seen under the version that holds (``old``) and under the next (``new``).

    ``members``: the units of a group as they were when the cycle opened. ``counts``: what joins wait for now.
    """

    old: CompiledWorkflow
    new: CompiledWorkflow
    cycle: Cycle
    steps: Sequence[Standing]
    counts: Counts
    members: Callable[[str], tuple[str, ...]]
    today: date
    calendar: WorkCalendar

    @cached_property
    def planned(self) -> dict[tuple[str, str], PlannedStep]:
        """Every step that the next version plans for this cycle."""
        found = plan_steps(self.new.definition, self.new.plan, self.cycle, self.calendar, self.members)
        return {(p.code, p.slot or ""): p for p in found}

    @property
    def same(self) -> bool:
        """Whether both versions say the same of this workflow."""
        offices = ("standing_agency", "steering_committee", "authority")
        alike = all(getattr(self.old.plan, name) == getattr(self.new.plan, name) for name in offices)
        return alike and self.old.definition == self.new.definition and self.old.ladders == self.new.ladders


def difference(running: Running) -> Difference:
    """What the next version changes in ``running``, and why not where it cannot."""
    if running.same:
        return Difference(same=True)
    found = [*_of_steps(running), *_added(running)]
    changes = tuple(c for c in found if isinstance(c, StepChange))
    refusals = [c for c in found if isinstance(c, Refusal)]
    refusals += [*_finished(running), *order_refusals(running.old, running.new, running.steps, running.counts, changes)]
    return Difference(
        changes=changes,
        stays=tuple(c for c in found if isinstance(c, Stays)),
        refusals=tuple(dict.fromkeys(refusals)),
        estimates=_estimates(running, changes),
        opens=opens(running.new, running.steps, running.counts, changes, running.today),
    )


def _of_steps(running: Running) -> Iterator[StepChange | Stays | Refusal]:
    for standing in running.steps:
        step = standing.step
        before, after = running.old.steps[step.code], running.new.steps[step.code]
        if after.withdrawn:
            yield from () if before.withdrawn else removed(standing)
        elif before.withdrawn:
            yield from restored(standing, running.new, running.cycle, running.calendar, running.today)
        else:
            yield from _revised(running, standing)


def _revised(running: Running, standing: Standing) -> Iterator[StepChange | Stays | Refusal]:
    code, status = standing.step.code, standing.step.status
    fields = changed_fields(running.old, running.new, code)
    if not fields:
        return
    if "for_each" in fields:
        reason = Text("bước đang chạy nên không đổi được nhóm đơn vị", "the step runs, so its group of units cannot change")
        yield Refusal(reason, Text("Bỏ bước này và thêm bước mới.", "Remove this step and add another."), code)
    elif status in PASSED:
        if {*fields} & OF_THE_WORK:
            yield Stays(standing.step.id, code, standing.step.slot, DONE_STAYS)
    else:
        yield from revised(standing, fields, running.old, running.new, running.cycle, running.calendar, running.today)


def _finished(running: Running) -> Iterator[Refusal]:
    """Steps that are finished everywhere in this cycle and yet amended: there is nothing left to amend."""
    for code, after in running.new.steps.items():
        rows = [s for s in running.steps if s.step.code == code]
        over = bool(rows) and all(s.step.status in PASSED for s in rows) and any(s.step.status is S.DONE for s in rows)
        if not over or running.old.steps[code].withdrawn:
            continue
        if after.withdrawn or OF_THE_WORK & {*changed_fields(running.old, running.new, code)}:
            yield Refusal(Text("bước đã xong", "the step is finished"), HINT_DONE, code)


def _added(running: Running) -> Iterator[StepChange | Refusal]:
    there = {(s.step.code, s.step.slot) for s in running.steps}
    answers_for = {s.step.slot: s.step.lead for s in running.steps if s.step.slot and s.step.status not in VOID}
    for (code, slot), planned in running.planned.items():
        if (code, slot) in there:
            continue
        lead = answers_for.get(slot, planned.lead)
        yield StepChange(Kind.ADDED, code, slot, lead, _first_status(planned, running.today), planned=planned)


def _first_status(planned: PlannedStep, today: date) -> WorkStatus:
    """What would have been due before it was asked for is not applicable in this cycle."""
    if planned.not_applicable or (planned.due_on is not None and planned.due_on < today):
        return S.NOT_APPLICABLE
    return S.PRIOR if planned.prior else S.WAITING


def _estimates(running: Running, changes: Sequence[StepChange]) -> dict[int, date]:
    """When steps without a date are expected by now."""
    dated = {c.step_id for c in changes if c.columns.get("due_on") is not None}
    found = {}
    for standing in running.steps:
        planned = running.planned.get((standing.step.code, standing.step.slot))
        undated = standing.step.due_on is None and standing.step.status not in PASSED and standing.step.id not in dated
        if planned and undated and planned.planned_on is not None and planned.planned_on != standing.planned_on:
            found[standing.step.id] = planned.planned_on
    return found
