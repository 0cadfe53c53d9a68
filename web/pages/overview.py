"""The supervisors' page: one glance at what is overdue, who must move next, since when."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

from fastapi import Request, Response
from markupsafe import Markup

from engine.access import Policy
from engine.rollup import Tally
from services.queries.overview import Column, HeatRow, Overview, overview
from web.past import Asked, asked
from web.policy import allow, pages
from web.query import address, number
from web.render import render
from web.svg import trend
from web.svg.boxes import Reader
from web.visit import visit_of

router = pages()
Choice = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The overview with its links and the ``trend`` as a drawing. ``key``: begins the idempotency key of each chase.

    ``plans`` is empty while there is only one.
    """

    overview: Overview | None
    key: str
    may_chase: bool
    years: tuple[Choice, ...] = ()
    plans: tuple[Choice, ...] = ()
    overdue_link: str = "/overdue"
    asked: Asked | None = None
    trend: Markup = field(default_factory=Markup)

    def cell_link(self, row: HeatRow, column: Column, tally: Tally | None) -> str:
        """Where a cell leads: to what is overdue there, else to what the unit does for that key task."""
        found = self.overview
        if found is None:
            return ""
        if not row.unit or (tally and tally.overdue) or column.id is None:
            return address("/overdue", plan=found.plan.id, unit=row.unit, key_task=column.code or "-")
        return address(f"/key-tasks/{column.id}", year=found.year, unit=row.unit)

    def unit_link(self, unit: str) -> str:
        """What is overdue of one unit."""
        return address("/overdue", plan=self.overview.plan.id if self.overview else None, unit=unit)


@router.get("/overview")
@allow(Policy.SUPERVISION)
def show(request: Request) -> Response:
    """One plan in one administrative year; ``?as_of=`` counts it as it stood on a past day."""
    visit = visit_of(request)
    wanted = asked(request, visit.now)
    found = overview(
        visit.db, visit.actor, visit.now, plan_id=number(request, "plan"), year=number(request, "year"), past=wanted.past
    )  # fmt: skip
    view = replace(view_of(found, may_chase="agency" in visit.actor.roles), asked=wanted)
    if found is not None:
        reader = Reader(visit.language, visit.units)
        view = replace(view, trend=trend.drawn(found.months, reader, trend.said(found.months, reader)))
    return render(request, "overview.html", page=view)


def view_of(found: Overview | None, *, may_chase: bool) -> OverviewView:
    """The overview with addresses for its years and plans."""
    key = secrets.token_urlsafe(12)
    if found is None:
        return OverviewView(None, key, may_chase)
    years = tuple((str(y), address("/overview", plan=found.plan.id, year=y), y == found.year) for y in found.years)
    plans = tuple((p.number, address("/overview", plan=p.id), p.id == found.plan.id) for p in found.plans)
    return OverviewView(
        found, key, may_chase, years, plans if len(plans) > 1 else (), address("/overdue", plan=found.plan.id)
    )  # fmt: skip
