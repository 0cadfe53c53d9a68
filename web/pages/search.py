"""Search: one field for everything that one may see."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from engine.access import Policy
from services.queries.search import SearchPage, search_page
from web.policy import allow, pages
from web.query import address, number, word
from web.render import render
from web.visit import visit_of

router = pages()


@dataclass(frozen=True, slots=True)
class SearchView:
    """``previous`` and ``next``: the neighbouring pages' addresses, "" at the ends."""

    search: SearchPage
    previous: str
    next: str


@router.get("/search")
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """What holds every word of ``?q=``, without regard to case and accents; ``?page=``."""
    visit = visit_of(request)
    found = search_page(visit.db, visit.actor, visit.now, word(request, "q"), visit.units, number=number(request, "page") or 1)
    return render(request, "search.html", page=SearchView(found, link(found, -1), link(found, 1)))


def link(page: SearchPage, further: int) -> str:
    """The address of the page ``further`` on, "" where there is none."""
    there = page.number + further
    return address("/search", q=page.asked, page=there) if 1 <= there <= page.pages else ""
