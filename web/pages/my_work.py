"""The first page after signing in: what waits for me, the most urgent first."""

from __future__ import annotations

from fastapi import Request, Response

from engine.access import Policy
from services.queries.my_work import my_work
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()


@router.get("/")
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """My work."""
    visit = visit_of(request)
    return render(request, "my_work.html", page=my_work(visit.db, visit.actor, visit.now))
