"""Where the play takes place: the database, the people, the workflows that run, and the one way to act."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from engine.access import Actor
from engine.approval import chain
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow, compile_workflow
from engine.definition import ApprovalLink, PlanDefinition, StepDefinition
from engine.errors import DondocError
from engine.instants import Now
from engine.statuses import WorkStatus
from engine.step_state import StepState, from_row
from models import closing
from models.database import Database
from models.reading import played
from services.act import ActionResult, act
from services.definitions import plan_of, workflow_of
from simulation.agenda import Agenda, Intent
from simulation.office import Office
from simulation.people import Staff, employ
from simulation.story import NO_STORY, Story, Turn
from simulation.temper import ORDINARY, Temper, draw, tempers


@dataclass(frozen=True, slots=True)
class Running:
    """A workflow that was opened. ``name`` is the same in every replay, unlike its id."""

    id: int
    name: tuple[str, str, str]
    workflow: CompiledWorkflow


@dataclass(slots=True)
class Work:
    """What the play remembers of one step. ``era`` counts what ended earlier intents."""

    running: Running
    code: str
    slot: str
    era: int = 0


class Surprise(AssertionError):
    """The rules refused what the play took to be right, or did twice what was asked once: a defect of either."""


@dataclass
class Stage:
    """Everything that the moves of a play share.

    ``twice``: how often a request is sent twice under one key, as by a double click. ``rare``: how many times as often rare things happen.
    ``unplanned``: whether the office also does what no plan foresees (`simulation.unplanned`).
    ``people_change``: people are away, stood in for, and leave.
    """

    db: Database
    definition: PlanDefinition
    staff: Staff
    seed: int
    calendar: WorkCalendar
    story: Story = NO_STORY
    twice: float = 0.0
    rare: float = 1.0
    plan_id: int = 0
    unplanned: bool = False
    people_change: bool = False
    agenda: Agenda = field(default_factory=Agenda)
    work: dict[int, Work] = field(default_factory=dict)
    runs: dict[int, Running] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.office = Office(self.calendar)
        self.version: int | None = None
        several = [group.units for group in self.definition.groups if len(group.units) > 2]
        units = [unit.code for unit in self.definition.units]
        self.tempers = tempers(self.seed, units, several[0] if several else units, self.story.chosen)
        self._compile()

    def _compile(self) -> None:
        self.compiled = {
            (task or "", workflow.code): compile_workflow(self.definition, task, workflow)
            for task, workflow in self.definition.workflows()
        }  # fmt: skip

    def follow_units(self, day: date) -> list[StepState]:
        """Take the plan and the people as they are on ``day``; the rounds that wait for somebody, if units have changed."""
        with self.db.read() as connection:
            version = played.version_in_force(connection, self.plan_id)
        if version == self.version:
            return []
        first = self.version is None
        self.look_again()
        if first:
            return []
        self.staff = employ(self.db, self.definition, day)
        return [step for step in self.steps(list(self.work)) if step.status is WorkStatus.SUBMITTED]

    # ── looking ──────────────────────────────────────────────────────────────

    def look_again(self) -> None:
        """The plan has another version: take it up, and of every workflow the one under which it runs, with its new steps."""
        with self.db.read() as connection:
            workflows = played.workflows(connection, self.plan_id)
            self.version = played.version_in_force(connection, self.plan_id)
            self.definition = plan_of(connection, self.version)
            compiled = {row["id"]: workflow_of(connection, row) for row in workflows}
            rows = [step for row in workflows for step in played.of_workflow(connection, row["id"])]
        self._compile()
        for row in workflows:
            self.runs[row["id"]] = Running(row["id"], (row["key_task"], row["code"], row["cycle"]), compiled[row["id"]])
        for step in rows:
            known = self.work.get(step["id"])
            self.work[step["id"]] = Work(self.runs[step["workflow_id"]], step["code"], step["slot"], known.era if known else 0)

    def statuses(self) -> dict[int, WorkStatus]:
        """How every step of unfinished workflows stands, by id."""
        with self.db.read() as connection:
            running = [row["id"] for row in played.workflows(connection, self.plan_id) if row["finished_at"] is None]
            rows = [step for workflow_id in running for step in played.of_workflow(connection, workflow_id)]
        return {row["id"]: WorkStatus(row["status"]) for row in rows}

    def enter(self, workflow_id: int) -> list[StepState]:
        """A workflow has come into being: remember its steps, and return them."""
        with self.db.read() as connection:
            row = played.workflow_row(connection, workflow_id)
            rows = played.of_workflow(connection, workflow_id)
        name = (row["key_task"], row["code"], row["cycle"])
        running = Running(workflow_id, name, self._definition(workflow_id, name))
        for step in rows:
            self.work[step["id"]] = Work(running, step["code"], step["slot"])
        return [from_row(step) for step in rows]

    def _definition(self, workflow_id: int, name: tuple[str, str, str]) -> CompiledWorkflow:
        """The definition of a workflow: the plan's, or an ad-hoc assignment's."""
        if name[:2] in self.compiled:
            return self.compiled[name[:2]]
        with self.db.read() as connection:
            row = closing.workflow_row(connection, workflow_id)
            assert row is not None  # it was entered
            return workflow_of(connection, row)

    def steps(self, ids: list[int]) -> list[StepState]:
        """Steps as they are now."""
        with self.db.read() as connection:
            return [from_row(row) for row in played.by_ids(connection, ids)]

    def slots(self, step: StepState, code: str) -> dict[str, WorkStatus]:
        """How the steps ``code`` of the same workflow stand, by slot."""
        with self.db.read() as connection:
            rows = played.of_workflow(connection, self.work[step.id].running.id)
        return {row["slot"]: WorkStatus(row["status"]) for row in rows if row["code"] == code}

    def definition_of(self, step: StepState) -> StepDefinition:
        """What the plan says of ``step``."""
        return self.work[step.id].running.workflow.steps[step.code]

    def chain(self, step: StepState) -> tuple[ApprovalLink, ...]:
        """Who decides on ``step``."""
        return chain(self.definition_of(step), step.lead, self.definition)

    def temper(self, step: StepState) -> Temper:
        """The habits of whoever leads ``step``."""
        return self.tempers.get(step.lead, ORDINARY)

    def turn(self, step: StepState) -> Turn | None:
        """What the story says of ``step``."""
        work = self.work[step.id]
        return self.story.turn(work.running.name, work.code, work.slot)

    def rng(self, step: StepState, *about: object) -> Random:
        """The generator for something about ``step`` in its present era."""
        work = self.work[step.id]
        return draw(self.seed, *work.running.name, work.code, work.slot, work.era, *about)

    def rarely(self, rng: Random, chance: float) -> bool:
        """Whether something happens that does with ``chance``, or more often in a play where much does."""
        return rng.random() < min(0.3, chance * self.rare)

    # ── meaning and acting ───────────────────────────────────────────────────

    def mean(self, step: StepState, kind: str, at: datetime, *, lapses: bool = True, **data: Any) -> None:
        """Note that ``kind`` is meant for ``step`` at ``at``; unless ``lapses`` is off it is void once the step's era ends."""
        self.agenda.note(at, Intent(step.id, kind, self.work[step.id].era if lapses else -1, data))

    def stands(self, intent: Intent) -> bool:
        """Whether nothing has come between the meaning and the doing."""
        return intent.era in (-1, self.work[intent.step_id].era)

    def act(self, actor: Actor, step: StepState, action: str, at: datetime, payload: dict[str, Any] | None = None) -> ActionResult:
        """Have ``actor`` take ``action``. Raises Surprise when the rules say no."""
        now = Now(at, at)
        self.done[action] += 1
        again = self.twice > 0 and self.rng(step, action, at).random() < self.twice
        key = f"{action}:{step.id}:{at.isoformat()}" if again else None
        try:
            request: dict[str, Any] = {"actor": actor, "step_id": step.id, "action": action, "payload": payload or {}, "now": now}
            result = act(self.db, **request, key=key, calendar=self.calendar)
            if again and not act(self.db, **request, key=key, calendar=self.calendar).replayed:
                raise Surprise(f"{action} on step {step.id} was done twice under one key")
        except DondocError as refusal:
            raise Surprise(f"{action} by {actor.name} on {self.name(step)} ({step.status}): {refusal.text.en}") from refusal
        return result

    def name(self, step: StepState) -> str:
        """A step in words for messages about the play."""
        work = self.work[step.id]
        return " · ".join(part for part in (*work.running.name, work.code, work.slot) if part)
