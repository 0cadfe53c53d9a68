"""The overdue list. Its filters stand in the address, so that a list can be kept and sent."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from engine.access import Policy
from models.reading.overdue import Wanted
from services.queries.overdue import OverduePage, overdue_page
from services.queries.units import UnitLabel
from web.policy import allow, pages
from web.query import address, number, word
from web.render import render
from web.visit import visit_of

router = pages()


@dataclass(frozen=True, slots=True)
class OverdueView:
    """``previous`` and ``next``: the neighbouring pages' addresses, "" at the ends. ``units``: to choose from, in their fixed order."""

    overdue: OverduePage
    units: tuple[UnitLabel, ...]
    narrowed: bool
    previous: str
    next: str


@router.get("/overdue")
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """Overdue steps that the visitor may know of; ``?plan=``, ``?unit=``, ``?key_task=``, ``?page=``."""
    visit = visit_of(request)
    wanted = Wanted(word(request, "unit"), word(request, "key_task"), number(request, "plan"))
    found = overdue_page(visit.db, visit.actor, visit.now, wanted, number=number(request, "page") or 1)
    units = tuple(sorted(visit.units.labels.values(), key=lambda label: (label.position, label.code)))
    narrowed = bool(wanted.unit or wanted.key_task or wanted.plan_id)
    return render(request, "overdue.html", page=OverdueView(found, units, narrowed, link(found, -1), link(found, 1)))


def link(page: OverduePage, step: int) -> str:
    """The address of the page ``step`` further, "" where there is none."""
    number = page.number + step
    if not 1 <= number <= page.pages:
        return ""
    wanted = page.wanted
    return address("/overdue", plan=wanted.plan_id, unit=wanted.unit, key_task=wanted.key_task, page=number)
