"""Doubles of what the relay talks to: a Prefect that keeps flow runs in memory, and workflows without a database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from runtime.runs import Condition, NewRun, Outcome, Seen, ServerGone, ServerRefused
from services.wakes import Dirty

SOME_TIME = datetime(2024, 7, 15, tzinfo=UTC)


def a_workflow(number: int = 1, **changes: object) -> Dirty:
    """A workflow that has something to see and no flow run yet."""
    workflow = Dirty(number, f"NV{number} · 2024", wake=1, woken=0, generation=0, flow_run_id=None, tags=(f"NV{number}", "2024"))
    return replace(workflow, **changes)  # type: ignore[arg-type]


@dataclass
class FakeRuns:
    """Flow runs by id, None once they have ended. ``down`` and ``refusing`` make the server fail."""

    conditions: dict[UUID, Condition | None] = field(default_factory=dict)
    made: dict[tuple[int, int], UUID] = field(default_factory=dict)
    woken: list[UUID] = field(default_factory=list)
    crashed: list[UUID] = field(default_factory=list)
    down: bool = False
    refusing: bool = False

    def create(self, new: NewRun) -> tuple[UUID, Outcome]:
        self._answer()
        known = (new.workflow_id, new.generation) in self.made
        run = self.made.setdefault((new.workflow_id, new.generation), uuid4())
        if known:
            return run, self.wake(run)
        self.conditions[run] = Condition.DUE
        return run, Outcome.WOKEN

    def wake(self, flow_run_id: UUID) -> Outcome:
        self._answer()
        condition = self.conditions.get(flow_run_id)
        if condition is None:
            return Outcome.LOST
        if condition is not Condition.WAITING:
            return Outcome.BUSY
        self.woken.append(flow_run_id)
        self.conditions[flow_run_id] = Condition.DUE
        return Outcome.WOKEN

    def unfinished(self) -> list[Seen]:
        self._answer()
        return [Seen(run, condition, SOME_TIME) for run, condition in self.conditions.items() if condition is not None]

    def crash(self, flow_run_id: UUID, reason: str) -> None:
        self._answer()
        self.crashed.append(flow_run_id)
        self.conditions[flow_run_id] = None

    def all_wait(self) -> None:
        """Every run that was due has run and waits again."""
        self.conditions = {run: condition and Condition.WAITING for run, condition in self.conditions.items()}

    def _answer(self) -> None:
        if self.down:
            raise ServerGone("connection refused")
        if self.refusing:
            raise ServerRefused("503")


@dataclass
class FakeWorkflows:
    """Workflows by id. ``done`` holds those that are finished. ``when_read`` runs after `dirty`, as a person who acts just then."""

    stored: dict[int, Dirty] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    when_read: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, *workflows: Dirty) -> FakeWorkflows:
        return cls({workflow.workflow_id: workflow for workflow in workflows})

    def dirty(self, limit: int) -> list[Dirty]:
        found = [workflow for workflow in self.stored.values() if workflow.wake > workflow.woken][:limit]
        self.when_read()
        return found

    def live(self) -> list[Dirty]:
        return [workflow for key, workflow in self.stored.items() if key not in self.done]

    def record_woken(self, workflow_id: int, wake: int) -> None:
        self._change(workflow_id, woken=wake)

    def record_run(self, workflow_id: int, generation: int, flow_run_id: UUID) -> None:
        if self.stored[workflow_id].generation == generation:
            self._change(workflow_id, flow_run_id=flow_run_id)

    def next_generation(self, workflow_id: int) -> int:
        generation = self.stored[workflow_id].generation + 1
        self._change(workflow_id, generation=generation, flow_run_id=None)
        return generation

    def disown(self, workflow_id: int) -> None:
        self.next_generation(workflow_id)
        self.act(workflow_id)

    def finished(self, workflow_id: int) -> bool:
        return workflow_id in self.done

    def act(self, workflow_id: int) -> None:
        """A person acts: the flow run has something to see."""
        self._change(workflow_id, wake=self.stored[workflow_id].wake + 1)

    def _change(self, workflow_id: int, **changes: object) -> None:
        self.stored[workflow_id] = replace(self.stored[workflow_id], **changes)  # type: ignore[arg-type]
