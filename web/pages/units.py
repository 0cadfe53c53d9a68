"""The units with their history, and one unit: what it leads and the names it has borne."""

from __future__ import annotations

from fastapi import Request, Response

from engine.access import Policy, may_use
from services.queries.unit_changes import STATE_TEXT, units_page
from services.queries.unit_page import unit_page
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()


@router.get("/units")
@allow(Policy.SIGNED_IN)
def tree(request: Request) -> Response:
    """Every unit, and what became of those that have ended."""
    visit = visit_of(request)
    may_change = may_use(Policy.OFFICE, visit.actor, simulated=visit.context.simulated)
    return render(request, "units.html", page=units_page(visit.db, visit.now), states=STATE_TEXT, may_change=may_change)


@router.get("/units/{code}")
@allow(Policy.SIGNED_IN)
def show(request: Request, code: str) -> Response:
    """The unit with the stable ``code``."""
    visit = visit_of(request)
    return render(request, "unit.html", page=unit_page(visit.db, visit.actor, code, visit.now))
