"""Past days over the API: a plan's counts and a workflow's steps, as known then or as corrected since; what was corrected since."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel

from engine.access import Policy
from engine.as_of import View
from engine.definition import Text
from engine.errors import Invalid
from services.as_of import Past, instant_of
from services.queries.as_of import PastStep, corrections_of, plan_as_of, workflow_as_of
from web.api.lists import Counted
from web.api.models import Words, problems
from web.policy import allow, api
from web.visit import Visit, visit_of

router = api()

Day = Annotated[date, Query(description="The local day at whose end it is looked at.")]
How = Annotated[View, Query(description="known: by what was recorded until then; corrected: with corrections and paper entered since.")]
Since = Annotated[datetime, Query(description="An instant with its offset: what was corrected after it.")]


class PastStepAnswer(BaseModel):
    """A step as it stood. ``differs``: it is another by now."""

    id: int
    number: int
    title: Words
    slot: str
    lead: str
    status: str
    timeliness: str
    due_on: date | None
    original_due_on: date | None
    extensions: int
    submitted_on: date | None
    done_on: date | None
    differs: bool

    @classmethod
    def of(cls, step: PastStep) -> PastStepAnswer:
        """A past step as the API gives it."""
        held = {
            name: getattr(step.standing, name) for name in ("lead", "due_on", "original_due_on", "extensions", "submitted_on", "done_on")
        }
        said = {name: getattr(step, name) for name in ("id", "number", "slot", "differs")}
        return cls(**held, **said, title=Words.of(step.title), status=step.standing.status.value, timeliness=step.timeliness.value)


class PastWorkflowAnswer(BaseModel):
    id: int
    name: Words
    as_of: date
    view: View
    counted: Counted
    steps: list[PastStepAnswer]


class PastCell(BaseModel):
    """``key_task``: its code, "" for plan-level work."""

    key_task: str
    lead: str
    counted: Counted


class PastPlanAnswer(BaseModel):
    as_of: date
    view: View
    counted: Counted
    cells: list[PastCell]


class CorrectionAnswer(BaseModel):
    step_id: int
    field: str
    old: Any
    new: Any


@router.get("/workflows/{workflow_id}/as-of", tags=["past"], responses=problems(404, 422))
@allow(Policy.SIGNED_IN)
def read_workflow(request: Request, workflow_id: int, day: Day, view: How = View.KNOWN) -> PastWorkflowAnswer:
    """A workflow's steps as they stood at the end of ``day``."""
    visit = visit_of(request)
    found = workflow_as_of(visit.db, visit.actor, workflow_id, _past(visit, day, view))
    return PastWorkflowAnswer(
        id=found.id, name=Words.of(found.name), as_of=day, view=view, counted=Counted.of(found.tally),
        steps=[PastStepAnswer.of(step) for step in found.steps],
    )  # fmt: skip


@router.get("/plans/{plan_id}/as-of", tags=["past"], responses=problems(403, 404, 422))
@allow(Policy.SUPERVISION)
def read_plan(request: Request, plan_id: int, day: Day, view: How = View.KNOWN) -> PastPlanAnswer:
    """A plan's counts by key task and unit at the end of ``day``, of that day's administrative year."""
    visit = visit_of(request)
    cells, total = plan_as_of(visit.db, visit.actor, plan_id, _past(visit, day, view))
    rows = [PastCell(key_task=task, lead=lead, counted=Counted.of(tally)) for (task, lead), tally in sorted(cells.items())]
    return PastPlanAnswer(as_of=day, view=view, counted=Counted.of(total), cells=rows)


@router.get("/workflows/{workflow_id}/corrections", tags=["past"], responses=problems(404, 422))
@allow(Policy.READS_EVERYTHING)
def read_corrections(request: Request, workflow_id: int, since: Since) -> list[CorrectionAnswer]:
    """What was corrected in a workflow after ``since``: a report made then used other values."""
    if since.tzinfo is None:
        raise Invalid(Text("Thiếu múi giờ, ví dụ +07:00.", "Give the offset, such as +07:00."), code="naive", field="since")
    visit = visit_of(request)
    found = corrections_of(visit.db, visit.actor, workflow_id, since)
    return [CorrectionAnswer(step_id=c.step_id, field=c.field, old=c.old, new=c.new) for c in found]


def _past(visit: Visit, day: date, view: View) -> Past:
    return Past(day, view, instant_of(day, visit.now))
