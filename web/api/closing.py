"""Closing cycles over the API: preview, close, reopen, and a whole year."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Header, Request
from pydantic import BaseModel, ConfigDict, Field

from engine.access import Policy
from engine.cycle_close import Decision, Disposition
from services.close_cycle import Closed, close_cycle
from services.close_year import Outcome, close_year
from services.queries.closing_page import ClosingPage, closing_page
from services.reopen_cycle import reopen_cycle
from web.api.models import Number, Words, problems
from web.policy import allow, api
from web.visit import visit_of

router = api()

Key = Annotated[str, Header(max_length=200, description="Repeating a request with the same key does nothing twice.")]


class DecisionRequest(BaseModel):
    """What becomes of one open step. ``until``: its new date where it is carried over."""

    model_config = ConfigDict(extra="forbid")
    step: Number
    decision: Disposition
    reason: str = ""
    until: date | None = None


class ClosingRequest(BaseModel):
    """``reason`` holds for every step without its own; a step that is not named gets what the preview suggests."""

    model_config = ConfigDict(extra="forbid")
    reason: str
    steps: list[DecisionRequest] = Field(default_factory=list)
    seen: str | None = Field(None, description="From the preview: refused if other steps are open by now.")


class ReasonRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")
    reason: str


class YearRequest(BaseModel):
    """``workflows``: only these; null for all that are not closed."""

    model_config = ConfigDict(extra="forbid")
    year: Number
    reason: str
    workflows: list[Number] | None = None


class OpenStepAnswer(BaseModel):
    """An open step with what is suggested and possible."""

    id: int
    number: int
    title: Words
    lead: str
    status: str
    due_on: date | None
    suggested: Disposition
    choices: list[Disposition]


class ClosingPreview(BaseModel):
    """What closing would have to decide. ``seen`` stands for these steps as they are."""

    workflow_id: int
    closed_on: date | None
    seen: str
    steps: list[OpenStepAnswer]

    @classmethod
    def of(cls, page: ClosingPage) -> ClosingPreview:
        """A preview as the API gives it."""
        names = ("id", "number", "lead", "status", "due_on", "suggested")
        steps = [
            OpenStepAnswer(title=Words.of(s.title), choices=list(s.choices), **{name: getattr(s, name) for name in names})
            for s in page.steps
        ]
        return cls(workflow_id=page.workflow_id, closed_on=page.closed_on, seen=page.seen, steps=steps)


class ClosedAnswer(BaseModel):
    """How many steps were carried over (`carry`, `next`), cancelled (`cancel`), left unfinished or taken up again (`leave`)."""

    workflow_id: int
    decided: dict[str, int]
    replayed: bool

    @classmethod
    def of(cls, closed: Closed) -> ClosedAnswer:
        """A result as the API gives it."""
        return cls(workflow_id=closed.workflow_id, decided=dict(closed.decided), replayed=closed.replayed)


class OutcomeAnswer(BaseModel):
    """What became of one workflow: ``closed``, or why not."""

    workflow_id: int
    closed: ClosedAnswer | None
    problem: Words | None
    field: str | None

    @classmethod
    def of(cls, outcome: Outcome) -> OutcomeAnswer:
        """An outcome as the API gives it."""
        closed, error = outcome.closed, outcome.error
        return cls(
            workflow_id=outcome.workflow_id, closed=ClosedAnswer.of(closed) if closed else None,
            problem=Words.of(error.text) if error else None, field=error.field if error else None,
        )  # fmt: skip


@router.get("/workflows/{workflow_id}/close", tags=["closing"], responses=problems(403, 404, 422))
@allow(Policy.AGENCY)
def preview(request: Request, workflow_id: int) -> ClosingPreview:
    """What closing the workflow's cycle would have to decide."""
    visit = visit_of(request)
    return ClosingPreview.of(closing_page(visit.db, visit.actor, workflow_id, visit.now))


@router.post("/workflows/{workflow_id}/close", tags=["closing"], responses=problems(403, 404, 422))
@allow(Policy.AGENCY)
def close(request: Request, workflow_id: int, body: ClosingRequest, idempotency_key: Key) -> ClosedAnswer:
    """Close the cycle: ladders stop, figures freeze."""
    visit = visit_of(request)
    decisions = {one.step: Decision(one.decision, one.reason, one.until) for one in body.steps}
    closed = close_cycle(
        visit.db, workflow_id, decisions, reason=body.reason, actor=visit.actor, key=idempotency_key, now=visit.now,
        calendar=visit.context.calendar(), seen=body.seen,
    )  # fmt: skip
    return ClosedAnswer.of(closed)


@router.post("/workflows/{workflow_id}/reopen", tags=["closing"], responses=problems(403, 404, 422))
@allow(Policy.AGENCY)
def reopen(request: Request, workflow_id: int, body: ReasonRequest, idempotency_key: Key) -> ClosedAnswer:
    """Take the closing of a cycle back."""
    visit = visit_of(request)
    closed = reopen_cycle(
        visit.db, workflow_id, reason=body.reason, actor=visit.actor, key=idempotency_key, now=visit.now, calendar=visit.context.calendar()
    )  # fmt: skip
    return ClosedAnswer.of(closed)


@router.post("/plans/{plan_id}/close", tags=["closing"], responses=problems(403, 404, 422))
@allow(Policy.AGENCY)
def close_whole_year(request: Request, plan_id: int, body: YearRequest, idempotency_key: Key) -> list[OutcomeAnswer]:
    """Close every workflow whose cycle begins in a year, each step as suggested; one result for each."""
    visit = visit_of(request)
    outcomes = close_year(
        visit.db, plan_id, body.year, reason=body.reason, actor=visit.actor, key=idempotency_key, now=visit.now,
        calendar=visit.context.calendar(), only=body.workflows,
    )  # fmt: skip
    return [OutcomeAnswer.of(outcome) for outcome in outcomes]
