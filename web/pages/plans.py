"""The plans, and one plan with its key tasks and the workflows of a year."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from engine.access import Policy
from services.queries.plan_page import PlanPage, plan_list, plan_page
from web.past import Asked, asked
from web.policy import allow, pages
from web.query import address, number
from web.render import render
from web.visit import visit_of

router = pages()


@dataclass(frozen=True, slots=True)
class PlanView:
    """``years``: (year, address, whether it is shown)."""

    plan: PlanPage
    years: tuple[tuple[str, str, bool], ...]
    asked: Asked


@router.get("/plans")
@allow(Policy.SIGNED_IN)
def show_all(request: Request) -> Response:
    """Every plan that the visitor has to do with."""
    visit = visit_of(request)
    return render(request, "plans.html", page=plan_list(visit.db, visit.actor, visit.now))


@router.get("/plans/{plan_id}")
@allow(Policy.SIGNED_IN)
def show(request: Request, plan_id: int) -> Response:
    """One plan; ``?as_of=`` counts it as it stood on a past day."""
    visit = visit_of(request)
    wanted = asked(request, visit.now)
    year = number(request, "year") or (wanted.past.day.year if wanted.past else None)
    found = plan_page(visit.db, visit.actor, plan_id, visit.now, year=year, past=wanted.past)
    years = tuple((str(y), address(f"/plans/{plan_id}", year=y), y == found.year) for y in found.years)
    return render(request, "plan.html", page=PlanView(found, years, wanted))
