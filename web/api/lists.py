"""Plans, key tasks, workflows and one's own work over the API: the read models of the pages, without what only a drawing needs."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel

from engine.access import Policy
from engine.definition import Text
from engine.rollup import Tally
from models.reading.my_work import Handled
from models.reading.plans import KeyTaskRow, PlanRow
from services.queries.key_task_page import key_task_page
from services.queries.lines import StepLine
from services.queries.my_work import my_work
from services.queries.plan_page import WorkflowLine, plan_list, plan_page
from services.queries.workflow_page import workflow_page
from web.api.models import Words, problems
from web.policy import allow, api
from web.visit import visit_of

router = api()

Handler = Annotated[Handled, Query(description="Of the units' own steps only those that the caller handles, or nobody does.")]
Year = Annotated[int | None, Query(ge=1990, le=2200, description="Calendar year; the present one by default.")]


class StepInList(BaseModel):
    """A step as lists show it. ``holder``: the unit whose clock runs. ``late_days``: calendar days past its date.

    ``recorded``: what it stands on was entered from paper.
    """

    id: int
    workflow_id: int
    code: str
    slot: str
    title: Words
    place: Words
    lead: str
    holder: str | None
    status: str
    timeliness: str
    due_on: date | None
    late_days: int
    recorded: bool

    @classmethod
    def of(cls, line: StepLine) -> StepInList:
        """A line of a page as the API gives it."""
        names = ("id", "workflow_id", "code", "slot", "lead", "holder", "due_on", "late_days", "recorded")
        return cls(
            **{name: getattr(line, name) for name in names},
            title=Words.of(line.title),
            place=Words.of(line.place),
            status=line.status.value,
            timeliness=line.timeliness.value,
        )


class Counted(BaseModel):
    """Steps counted by how they stand; done are ``on_time`` and ``late``, not done ``within`` and ``overdue``."""

    on_time: int
    late: int
    within: int
    overdue: int
    soon: int
    submitted: int
    returned: int

    @classmethod
    def of(cls, tally: Tally) -> Counted:
        """A `Tally` as the API gives it."""
        return cls(**{name: getattr(tally, name) for name in cls.model_fields})


class WorkflowInList(BaseModel):
    id: int
    title: Words
    cycle: Words
    lead: str
    opens_on: date
    finished: bool
    steps: Counted

    @classmethod
    def of(cls, line: WorkflowLine) -> WorkflowInList:
        """A line of a page as the API gives it."""
        return cls(
            id=line.id,
            title=Words.of(line.title),
            cycle=Words.of(line.cycle),
            lead=line.lead,
            opens_on=line.opens_on,
            finished=line.finished,
            steps=Counted.of(line.tally),
        )


class WorkGroup(BaseModel):
    """``code``: overdue | returned | due-soon | to-approve | to-decide | to-do | waiting | done. ``total`` may exceed ``steps``."""

    code: str
    total: int
    steps: list[StepInList]


class PlanInList(BaseModel):
    id: int
    number: str
    title: Words
    from_on: date
    to_on: date
    standing_agency: str

    @classmethod
    def of(cls, plan: PlanRow) -> PlanInList:
        """A plan's row as the API gives it."""
        names = ("id", "number", "from_on", "to_on", "standing_agency")
        return cls(**{name: getattr(plan, name) for name in names}, title=Words.of(Text(plan.title_vi, plan.title_en)))


class KeyTaskInPlan(BaseModel):
    id: int
    code: str
    title: Words
    lead: str
    steps: Counted
    workflows: list[WorkflowInList]

    @classmethod
    def of(cls, row: KeyTaskRow, tally: Tally, workflows: tuple[WorkflowLine, ...]) -> KeyTaskInPlan:
        """A key task with its workflows as the API gives it."""
        title = Words.of(Text(row.title_vi, row.title_en))
        lines = [WorkflowInList.of(w) for w in workflows]
        return cls(id=row.id, code=row.code, title=title, lead=row.lead, steps=Counted.of(tally), workflows=lines)


class PlanAnswer(BaseModel):
    """A plan in one calendar year. ``common``: workflows of the plan as a whole; these and ``ad_hoc`` count as no key task."""

    plan: PlanInList
    year: int
    years: list[int]
    key_tasks: list[KeyTaskInPlan]
    common: list[WorkflowInList]
    ad_hoc: list[WorkflowInList]


class KeyTaskAnswer(BaseModel):
    """A key task in one calendar year; ``source`` quotes the plan."""

    plan: PlanInList
    key_task: KeyTaskInPlan
    source: str
    year: int


class WorkflowAnswer(BaseModel):
    """A workflow with all its steps; ``total`` and ``done`` leave out what is not applicable or cancelled."""

    id: int
    plan_id: int
    name: Words
    lead: str
    opens_on: date
    finished: bool
    total: int
    done: int
    steps: list[StepInList]
    flow_run_id: UUID | None


@router.get("/my-work", tags=["work"], responses=problems(422))
@allow(Policy.SIGNED_IN)
def read_my_work(request: Request, handler: Handler = Handled.ALL) -> list[WorkGroup]:
    """What waits for the caller's units, the most urgent group first."""
    visit = visit_of(request)
    groups = my_work(visit.db, visit.actor, visit.now, handler).groups
    return [WorkGroup(code=g.code, total=g.total, steps=[StepInList.of(row.step) for row in g.rows]) for g in groups]


@router.get("/plans", tags=["plans"], responses=problems())
@allow(Policy.SIGNED_IN)
def read_plans(request: Request) -> list[PlanInList]:
    """Every plan that the caller may know of."""
    visit = visit_of(request)
    return [PlanInList.of(line.plan) for line in plan_list(visit.db, visit.actor, visit.now)]


@router.get("/plans/{plan_id}", tags=["plans"], responses=problems(404, 422))
@allow(Policy.SIGNED_IN)
def read_plan(request: Request, plan_id: int, year: Year = None) -> PlanAnswer:
    """One plan with its key tasks and their workflows."""
    visit = visit_of(request)
    page = plan_page(visit.db, visit.actor, plan_id, visit.now, year=year)
    key_tasks = [KeyTaskInPlan.of(part.row, part.tally, part.workflows) for part in page.key_tasks]
    common = [WorkflowInList.of(line) for line in page.common]
    ad_hoc = [WorkflowInList.of(line) for line in page.ad_hoc]
    return PlanAnswer(
        plan=PlanInList.of(page.plan), year=page.year, years=list(page.years), key_tasks=key_tasks, common=common, ad_hoc=ad_hoc
    )  # fmt: skip


@router.get("/key-tasks/{key_task_id}", tags=["plans"], responses=problems(404, 422))
@allow(Policy.SIGNED_IN)
def read_key_task(request: Request, key_task_id: int, year: Year = None) -> KeyTaskAnswer:
    """One key task with its workflows of a year."""
    visit = visit_of(request)
    page = key_task_page(visit.db, visit.actor, key_task_id, visit.now, year=year)
    key_task = KeyTaskInPlan.of(page.key_task, page.tally, page.workflows)
    return KeyTaskAnswer(plan=PlanInList.of(page.plan), key_task=key_task, source=page.source, year=page.year)


@router.get("/workflows/{workflow_id}", tags=["plans"], responses=problems(404, 422))
@allow(Policy.SIGNED_IN)
def read_workflow(request: Request, workflow_id: int) -> WorkflowAnswer:
    """One workflow with its steps, in order, units in their fixed order."""
    visit = visit_of(request)
    page = workflow_page(visit.db, visit.actor, workflow_id, visit.now, visit.units)
    return WorkflowAnswer(
        id=page.workflow.id,
        plan_id=page.workflow.plan_id,
        name=Words.of(page.name),
        lead=page.workflow.lead,
        opens_on=page.workflow.opens_on,
        finished=page.workflow.finished_at is not None,
        total=page.total,
        done=page.done,
        steps=[StepInList.of(slot.step) for step in page.process.steps for slot in step.slots],
        flow_run_id=page.flow_run_id,
    )
