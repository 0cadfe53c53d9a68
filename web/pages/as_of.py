"""One workflow as it stood on a past day."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from engine.access import Policy
from services.as_of import Past
from services.queries.as_of import PastWorkflow, workflow_as_of
from web.past import Asked, asked
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()


@dataclass(frozen=True, slots=True)
class PastView:
    workflow: PastWorkflow
    asked: Asked


@router.get("/workflows/{workflow_id}/as-of")
@allow(Policy.SIGNED_IN)
def show(request: Request, workflow_id: int) -> Response:
    """Its steps at the end of ``?as_of=``, as known then or as corrected since; today without a day."""
    visit = visit_of(request)
    wanted = asked(request, visit.now)
    past = wanted.past or Past(visit.now.today, wanted.view, visit.now.business)
    found = workflow_as_of(visit.db, visit.actor, workflow_id, past)
    return render(request, "workflow_as_of.html", status=422 if wanted.error else 200, page=PastView(found, wanted))
