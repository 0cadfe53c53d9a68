"""One act on many steps over the API, with a result a row."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from engine.access import Policy
from engine.definition import Text
from engine.errors import Invalid
from engine.together import TOGETHER
from services.bulk import Row, RowResult, bulk, preview
from web.api.models import ActionAnswer, ActionPayload, Number, Words, problems
from web.api.steps import answer
from web.policy import allow, api
from web.proof import require_proof
from web.visit import visit_of

router = api()

Key = Annotated[str | None, Header(max_length=200, description="Needed unless `preview`: repeating a request does nothing twice.")]


class BulkRequest(BaseModel):
    """Either ``steps`` or ``workflow``: every open step of it. ``days``: extends each by working days from its own date."""

    model_config = ConfigDict(extra="forbid")
    action: str = Field(description=" | ".join(TOGETHER))
    steps: list[Number] = Field(default_factory=list, max_length=500)
    workflow: Number | None = None
    days: Number | None = None
    payload: ActionPayload = Field(default_factory=lambda: ActionPayload.model_validate({}))


class BulkRow(BaseModel):
    """One step: with ``preview`` whether it is ``possible``, else what was ``done``; ``problem`` says why not."""

    step_id: int
    possible: bool | None = None
    done: ActionAnswer | None = None
    problem: Words | None = None
    code: str | None = None
    field: str | None = None

    @classmethod
    def of_row(cls, row: Row) -> BulkRow:
        """A row of the preview as the API gives it."""
        return cls(step_id=row.step_id, possible=row.why is None, problem=Words.of(row.why) if row.why else None)

    @classmethod
    def of_result(cls, result: RowResult) -> BulkRow:
        """A result as the API gives it."""
        error = result.error
        return cls(
            step_id=result.step_id, done=answer(result.done) if result.done else None, problem=Words.of(error.text) if error else None,
            code=error.code if error else None, field=error.field if error else None,
        )  # fmt: skip


@router.post("/bulk", tags=["steps"], responses=problems(403, 404, 422))
@allow(Policy.SIGNED_IN)
def take(
    request: Request,
    body: BulkRequest,
    only_preview: Annotated[bool, Query(alias="preview", description="Only say for which steps it is possible.")] = False,
    idempotency_key: Key = None,
) -> list[BulkRow]:
    """Take one action on many steps: each by itself, with its own result; one that is refused stops no other.

    Units accept, submit, approve and name a handler; the rest is the standing agency's. Submitting and approving are refused for
    a step that has evidence or figures to fill in or to look at.
    """
    visit = visit_of(request)
    calendar = visit.context.calendar()
    if only_preview:
        rows = preview(
            visit.db, actor=visit.actor, action=body.action, steps=body.steps, workflow_id=body.workflow, days=body.days, calendar=calendar
        )  # fmt: skip
        return [BulkRow.of_row(row) for row in rows]
    if not idempotency_key:
        raise Invalid(Text("Thiếu Idempotency-Key.", "Give an Idempotency-Key."), code="missing", field="Idempotency-Key")
    require_proof(visit, body.action, body.payload.as_payload())
    results = bulk(
        visit.db, actor=visit.actor, action=body.action, payload=body.payload.as_payload(), key=idempotency_key, now=visit.now,
        calendar=calendar, steps=body.steps, workflow_id=body.workflow, days=body.days,
    )  # fmt: skip
    return [BulkRow.of_result(result) for result in results]
