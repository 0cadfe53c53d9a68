"""Every message to come about what a unit holds, or about a plan: day by day, made by the code that sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fastapi import Request, Response

from engine.access import Policy
from engine.definition import Text
from engine.errors import NotFound
from engine.reach import Thing
from services.foresee import Foreseen, Foresight, foresee
from services.queries.plan_page import plan_page
from services.queries.step_names import StepName, step_names
from web.pages.foreseen import SPANS
from web.policy import allow, pages
from web.query import address, number
from web.render import render
from web.visit import Visit, visit_of
from wiring.mail import mail_rules

router = pages()
PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class ForeseenListView:
    """``title``: the plan's, "" where it is the page of ``unit``. ``home``: the page that this one belongs to. ``days``: of this page.

    ``total``: messages of all pages; ``names``: of the steps in ``nobody``; ``spans``, ``previous`` and ``next``: addresses, "" for none.
    """

    title: Text
    unit: str
    home: str
    until: date
    steps: int
    total: int
    days: tuple[tuple[date, tuple[Foreseen, ...]], ...]
    nobody: tuple[tuple[date, int, Text], ...]
    names: Mapping[int, StepName]
    spans: tuple[tuple[str, str, bool], ...]
    number: int
    pages: int
    previous: str
    next: str


@router.get("/units/{code}/messages")
@allow(Policy.SIGNED_IN, Thing.UNIT_MAIL)
def of_unit(request: Request, code: str) -> Response:
    """What will come about the steps that the unit holds, for its people and for who reads everything."""
    visit = visit_of(request)
    if code not in visit.units.labels or not (visit.actor.reads_everything or code in visit.actor.units):
        raise NotFound()
    found, days = _look(request, visit, unit=code)
    return render(request, "foreseen_list.html", page=_view(request, found, days, Text(""), code, f"/units/{code}"))


@router.get("/plans/{plan_id}/messages")
@allow(Policy.SUPERVISION)
def of_plan(request: Request, plan_id: int) -> Response:
    """What will come about a whole plan."""
    visit = visit_of(request)
    plan = plan_page(visit.db, visit.actor, plan_id, visit.now).plan
    found, days = _look(request, visit, plan_id=plan_id)
    title = Text(f"Kế hoạch {plan.number}", f"Plan {plan.number}")
    return render(request, "foreseen_list.html", page=_view(request, found, days, title, "", f"/plans/{plan_id}"))


def _look(request: Request, visit: Visit, *, unit: str = "", plan_id: int | None = None) -> tuple[Foresight, int]:
    days = number(request, "days")
    days = days if days in SPANS else 30
    calendar = visit.context.calendar()
    hours = mail_rules(visit.context.settings, calendar).hours
    found = foresee(visit.db, visit.actor, now=visit.now, calendar=calendar, hours=hours, days=days, unit=unit, plan_id=plan_id)
    return found, days


def _view(request: Request, found: Foresight, days: int, title: Text, unit: str, home: str) -> ForeseenListView:
    path = f"{home}/messages"
    last = max(1, -(-len(found.messages) // PER_PAGE))
    shown = min(max(number(request, "page") or 1, 1), last)
    some = found.messages[(shown - 1) * PER_PAGE : shown * PER_PAGE]
    visit, nobody = visit_of(request), found.nobody if shown == 1 else ()
    return ForeseenListView(
        title=title,
        unit=unit,
        home=home,
        until=found.until,
        steps=found.steps,
        total=len(found.messages),
        days=tuple((day, tuple(own)) for day, own in groupby(some, key=lambda m: m.on)),
        nobody=nobody,
        names=step_names(visit.db, visit.actor, (step_id for _, step_id, _ in nobody)),
        spans=tuple((f"{n} ngày" if visit.language == "vi" else f"{n} days", address(path, days=n), n == days) for n in SPANS),
        number=shown,
        pages=last,
        previous=address(path, days=days, page=shown - 1) if shown > 1 else "",
        next=address(path, days=days, page=shown + 1) if shown < last else "",
    )
