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
    """``previous`` and ``next``: the neighbouring pages' addresses, "" at the ends. ``units``: to choose from, in their fixed order.

    ``chosen``: the unit asked for; "" is one's own units where ``own_first``, else all of them.
    """

    overdue: OverduePage
    units: tuple[UnitLabel, ...]
    chosen: str
    own_first: bool
    narrowed: bool
    previous: str
    next: str


@router.get("/overdue")
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """Overdue steps; ``?plan=``, ``?unit=`` (a code, or all), ``?key_task=``, ``?page=``. People of a unit begin with their own."""
    visit = visit_of(request)
    chosen, own_first = word(request, "unit"), bool(visit.actor.units) and not visit.actor.reads_everything
    wanted = Wanted(units_of(chosen, visit.actor.units if own_first else frozenset()), word(request, "key_task"), number(request, "plan"))
    found = overdue_page(visit.db, visit.actor, visit.now, wanted, number=number(request, "page") or 1)
    units = tuple(sorted(visit.units.labels.values(), key=lambda label: (label.position, label.code)))
    narrowed = bool(chosen or wanted.key_task or wanted.plan_id)
    view = OverdueView(found, units, chosen, own_first, narrowed, link(found, chosen, -1), link(found, chosen, 1))
    return render(request, "overdue.html", page=view)


def units_of(chosen: str, own: frozenset[str]) -> tuple[str, ...]:
    """The units that ``?unit=`` means; () for all."""
    if chosen == "all":
        return ()
    return (chosen,) if chosen else tuple(sorted(own))


def link(page: OverduePage, chosen: str, further: int) -> str:
    """The address of the page ``further`` on, "" where there is none."""
    number = page.number + further
    if not 1 <= number <= page.pages:
        return ""
    return address("/overdue", plan=page.wanted.plan_id, unit=chosen, key_task=page.wanted.key_task, page=number)
