"""Steps over the API: read one, act on one, hand in a file. The same services as the pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Request
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.decide import parse_action
from engine.definition import Text
from engine.errors import Invalid
from engine.transitions import TABLE, Action
from services.act import ActionResult
from services.queries.step_page import step_page
from web.acting import attach_files, take_action
from web.action_forms import uploads
from web.api.models import ActionAnswer, ActionRequest, StepAnswer, problems
from web.forms import read_form
from web.policy import allow, api
from web.visit import visit_of

router = api()

Key = Annotated[str | None, Header(max_length=200, description="Repeating a request with the same key does nothing twice.")]
UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "evidence": {"type": "string"},
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    },
                }
            }
        },
    }
}
FREE = frozenset(row.action for row in TABLE if not row.checks_version)


@router.get("/steps/{step_id}", tags=["steps"], responses=problems(404, 422))
@allow(Policy.SIGNED_IN)
def read_step(request: Request, step_id: int) -> StepAnswer:
    """One step as the caller may see it, with what they can do to it."""
    visit = visit_of(request)
    return StepAnswer.of(step_page(visit.db, visit.actor, step_id, visit.now, visit.units))


@router.post("/steps/{step_id}/actions/{action}", tags=["steps"], responses=problems(403, 404, 409, 422))
@allow(Policy.SIGNED_IN)
def take(request: Request, step_id: int, action: str, body: ActionRequest, idempotency_key: Key = None) -> ActionAnswer:
    """Take one action on a step."""
    named = parse_action(action)
    if named is Action.ATTACH:
        hint = Text("multipart/form-data: evidence, file", "multipart/form-data: evidence, file")
        raise Invalid(Text("Gửi tệp đến …/attachments.", "Send files to …/attachments."), code="attach", hint=hint)
    if body.expected_version is None and named not in FREE:
        raise Invalid(Text("Thiếu expected_version.", "Give expected_version."), code="missing", field="expected_version")
    payload = body.payload.as_payload()
    return answer(take_action(visit_of(request), step_id, named, payload, version=body.expected_version, key=idempotency_key))


@router.post("/steps/{step_id}/attachments", tags=["steps"], responses=problems(403, 404, 422), openapi_extra=UPLOAD)
@allow(Policy.SIGNED_IN)
async def attach(request: Request, step_id: int, idempotency_key: Key = None) -> ActionAnswer:
    """Put files into the step's draft: parts `file` (several), and `evidence`, the code of the document ("" for an extra one)."""
    form = await read_form(request)
    return answer(await run_in_threadpool(attach_files, visit_of(request), step_id, uploads(form), key=idempotency_key))


def answer(result: ActionResult) -> ActionAnswer:
    """What an action led to, as the API gives it."""
    return ActionAnswer(
        step_id=result.step_id,
        workflow_id=result.workflow_id,
        status=result.status,
        version=result.version,
        seq=result.seq,
        replayed=result.replayed,
        opened=list(result.opened),
        facts=list(result.facts),
    )
