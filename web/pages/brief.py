"""The morning brief as a page, to read on a phone or to print."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from engine.access import Policy
from services.queries.brief import Brief, brief
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()


@dataclass(frozen=True, slots=True)
class BriefView:
    """The brief of the visitor."""

    brief: Brief


@router.get("/brief")
@allow(Policy.SUPERVISION)
def show(request: Request) -> Response:
    """What needs a signature, who must move, what changed, how it stands."""
    visit = visit_of(request)
    return render(request, "brief.html", page=BriefView(brief(visit.db, visit.actor, visit.now, visit.context.calendar())))
