"""One unit: what it leads and the names it has borne."""

from __future__ import annotations

from fastapi import Request, Response

from engine.access import Policy
from services.queries.unit_page import unit_page
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()


@router.get("/units/{code}")
@allow(Policy.SIGNED_IN)
def show(request: Request, code: str) -> Response:
    """The unit with the stable ``code``."""
    visit = visit_of(request)
    return render(request, "unit.html", page=unit_page(visit.db, visit.actor, code, visit.now))
