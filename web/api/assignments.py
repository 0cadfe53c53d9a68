"""Ad-hoc assignments over the API: the same form, preview and refusals as the page."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from engine.access import Policy
from engine.definition import Text
from engine.errors import Invalid
from services.assign import Preview, assign, propose
from web.api.models import Number, Words, problems
from web.policy import allow, api
from web.visit import visit_of

router = api()

Key = Annotated[str | None, Header(max_length=200, description="Needed unless `preview`: the same key again gives the same assignment.")]


class AssignmentRequest(BaseModel):
    """One assignment. Units by their codes; a group's code among ``leads`` stands for its units of today."""

    model_config = ConfigDict(extra="forbid")
    plan_id: Number | None = Field(None, description="The latest plan by default.")
    number: str
    signed_on: date
    abstract: str = ""
    leader: str = Field(description="The title of who instructs.")
    text: str
    leads: list[str]
    coordinating: list[str] = Field(default_factory=list)
    due_on: date
    approver: str = Field("", description="A unit's code, `none` for nobody, empty for the usual one.")
    evidence: list[str] = Field(default_factory=list)
    numbered: bool = False
    urgent: bool = False
    confidential: bool = False


class PlannedStepAnswer(BaseModel):
    """A step that is made."""

    lead: str
    due_on: date
    approvers: list[str]


class PlannedMailAnswer(BaseModel):
    """Who hears what; ``how``: immediate | digest | none | no-address."""

    name: str
    unit: str
    what: Words
    how: str


class AssignmentAnswer(BaseModel):
    """What was made, or with ``preview`` what would be: then ``workflow_id`` is null."""

    workflow_id: int | None = None
    replayed: bool = False
    steps: list[PlannedStepAnswer] = Field(default_factory=list)
    mails: list[PlannedMailAnswer] = Field(default_factory=list)
    doubts: list[Words] = Field(default_factory=list)
    same_document: list[int] = Field(default_factory=list)

    @classmethod
    def of(cls, preview: Preview) -> AssignmentAnswer:
        """A preview as the API gives it."""
        return cls(
            steps=[PlannedStepAnswer(lead=s.lead, due_on=s.due_on, approvers=list(s.approvers)) for s in preview.steps],
            mails=[PlannedMailAnswer(name=m.name, unit=m.unit, what=Words.of(m.what), how=m.how) for m in preview.mails],
            doubts=[Words.of(doubt) for doubt in preview.doubts],
            same_document=[workflow_id for workflow_id, _ in preview.same],
        )


@router.post("/assignments", tags=["assignments"], status_code=201, responses=problems(403, 404, 422))
@allow(Policy.AGENCY)
def make(
    request: Request,
    response: Response,
    body: AssignmentRequest,
    preview: Annotated[bool, Query(description="Only say what would happen.")] = False,
    idempotency_key: Key = None,
) -> AssignmentAnswer:
    """Assign what no plan foresaw: a workflow of one step for each lead unit."""
    visit = visit_of(request)
    form = body.model_dump(mode="json", exclude={"plan_id"})
    shared: dict[str, Any] = {"actor": visit.actor, "now": visit.now, "calendar": visit.context.calendar(), "plan_id": body.plan_id}
    if preview:
        response.status_code = 200
        return AssignmentAnswer.of(propose(visit.db, form, **shared))
    if not idempotency_key:
        raise Invalid(Text("Thiếu Idempotency-Key.", "Give an Idempotency-Key."), code="missing", field="Idempotency-Key")
    made = assign(visit.db, form, key=idempotency_key, **shared)
    return AssignmentAnswer(workflow_id=made.workflow_id, replayed=made.replayed)
