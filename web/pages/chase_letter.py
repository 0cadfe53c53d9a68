"""Chasing by letter or in a chat: the text to print or to copy. That it was sent is recorded on the step's own page."""

from __future__ import annotations

from fastapi import Request, Response

from engine.access import Policy
from services.queries.chase_letter import chase_letter
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()


@router.get("/steps/{step_id}/chase-letter")
@allow(Policy.AGENCY)
def show(request: Request, step_id: int) -> Response:
    """The letter as it prints; number, day and signature stay blank for the records office."""
    visit = visit_of(request)
    letter = chase_letter(visit.db, visit.actor, step_id, visit.now, visit.units, visit.context.settings.public_url)
    return render(request, "chase_letter.html", page=letter)
