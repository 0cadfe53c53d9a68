"""One key task: the plan's own words and its workflows."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from engine.access import Policy
from services.queries.key_task_page import KeyTaskPage, key_task_page
from web.policy import allow, pages
from web.query import address, number, word
from web.render import render
from web.visit import visit_of

router = pages()


@dataclass(frozen=True, slots=True)
class KeyTaskView:
    """``years``: (year, address, whether it is shown). ``all_units``: the page without narrowing to a unit."""

    key_task: KeyTaskPage
    years: tuple[tuple[str, str, bool], ...]
    all_units: str


@router.get("/key-tasks/{key_task_id}")
@allow(Policy.SIGNED_IN)
def show(request: Request, key_task_id: int) -> Response:
    """One key task in a year, with ``?unit=`` also what that unit leads of it."""
    visit = visit_of(request)
    found = key_task_page(
        visit.db, visit.actor, key_task_id, visit.now, year=number(request, "year"), unit=word(request, "unit")
    )  # fmt: skip
    path = f"/key-tasks/{key_task_id}"
    years = tuple((str(y), address(path, year=y, unit=found.unit), y == found.year) for y in found.years)
    return render(request, "key_task.html", page=KeyTaskView(found, years, address(path, year=found.year)))
