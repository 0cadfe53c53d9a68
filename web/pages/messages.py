"""Why did I get this: one's own message, or any for the standing agency, with its reasons, rung and attempts."""

from __future__ import annotations

from fastapi import Request, Response

from engine.access import Policy
from services.queries.message_page import message_page
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()


@router.get("/messages/{message_id}")
@allow(Policy.SIGNED_IN)
def show(request: Request, message_id: int) -> Response:
    """The message. Somebody else's does not exist for whoever is not of the standing agency."""
    visit = visit_of(request)
    return render(request, "message.html", page=message_page(visit.db, visit.actor, message_id))
