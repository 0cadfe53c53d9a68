"""Every message that will leave about a step in the next days, to whom and why: made by the code that sends."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from engine.access import Policy
from engine.errors import NotFound
from engine.reach import Thing
from services.foresee import Foresight, foresee
from services.queries.message_page import Heard, heard
from services.queries.step_page import StepHead, step_page
from web.policy import allow, pages
from web.query import number
from web.render import render
from web.visit import visit_of
from wiring.mail import mail_rules

router = pages()
SPANS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class ForeseenView:
    """``spans``: numbers of days to choose from; ``days`` is the one shown. ``heard``: what the visitor was told so far, or why not."""

    head: StepHead
    foresight: Foresight
    days: int
    heard: tuple[Heard, ...]
    spans: tuple[int, ...] = SPANS


@router.get("/steps/{step_id}/messages")
@allow(Policy.SIGNED_IN, Thing.STEP_IN_FULL)
def show(request: Request, step_id: int) -> Response:
    """``?days=`` 7, 30 or 90. For those who read the step in full; others do not find it."""
    visit = visit_of(request)
    step = step_page(visit.db, visit.actor, step_id, visit.now, visit.units)
    if step.detail is None:
        raise NotFound()
    days = number(request, "days")
    days = days if days in SPANS else 30
    calendar = visit.context.calendar()
    hours = mail_rules(visit.context.settings, calendar).hours
    found = foresee(visit.db, visit.actor, now=visit.now, calendar=calendar, hours=hours, days=days, step_id=step_id)
    told = heard(visit.db, step_id, visit.actor.account_id)
    return render(request, "foreseen.html", page=ForeseenView(step.head, found, days, told))
