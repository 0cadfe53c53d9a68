"""Stepping the simulated clock: the page asks for a day, the orchestrator lives through every morning and evening until then."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import Invalid
from engine.instants import at_local, local_day
from services import clock
from web.addresses import own_path, with_note
from web.forms import read_form, texts
from web.policy import allow, pages
from web.visit import Visit, visit_of

router = pages()

HOUR = 8  # local: after the morning's reminders have left


@router.post("/clock")
@allow(Policy.DEMONSTRATION)
async def step(request: Request) -> Response:
    """Ask for a day, a week or a month more; the page comes back at once."""
    form = texts(await read_form(request))
    await run_in_threadpool(ask, visit_of(request), form.get("step", ""))
    return RedirectResponse(with_note(own_path(form.get("next", "/")), "advancing"), 303)


def ask(visit: Visit, step: str) -> None:
    """Set the clock's target one ``step`` after where it is, or is going. Raises `Invalid` for an unknown step."""
    towards = clock.target(visit.db)
    day = later(local_day(towards) if towards else visit.now.today, step)
    clock.set_target(visit.db, at_local(day, HOUR))


def later(day: date, step: str) -> date:
    """The day one day, week or month after ``day``; the 31st of a short month is its last day."""
    if step in ("day", "week"):
        return day + timedelta(days=1 if step == "day" else 7)
    if step != "month":
        raise Invalid(Text("Không có bước đồng hồ đó.", "There is no such step of the clock."), code="clock", field="step")
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    last_of_next = (first_of_next + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(first_of_next.replace(day=1) + timedelta(days=day.day - 1), last_of_next)
