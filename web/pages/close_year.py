"""The year end: every workflow of a year with what closing would do to it, and closing those that are ticked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from engine.access import Policy
from engine.cycle_close import DISPOSITION_TEXT, Disposition
from engine.definition import Text
from services.close_year import Outcome, close_year
from services.queries.closing_page import YearPage, year_page
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.policy import allow, pages
from web.query import address, number
from web.render import render
from web.visit import Visit, visit_of

router = pages()
FORM = "year"


@dataclass(frozen=True, slots=True)
class YearView:
    """``outcomes``: what became of each workflow, by id, after closing. ``ticked``: those to close; None for all."""

    year: YearPage
    years: tuple[tuple[str, str, bool], ...]
    words: dict[Disposition, Text]
    typed: Typed
    key: str
    outcomes: dict[int, Outcome]


@router.get("/plans/{plan_id}/close")
@allow(Policy.AGENCY)
def show(request: Request, plan_id: int) -> Response:
    """The workflows of ``?year=`` (last year's by default)."""
    visit = visit_of(request)
    return _page(request, visit, plan_id, number(request, "year"), NOTHING_TYPED, secrets.token_urlsafe(12), {})


@router.post("/plans/{plan_id}/close")
@allow(Policy.AGENCY)
async def close(request: Request, plan_id: int) -> Response:
    """Close what is ticked; the page then says what became of each."""
    form = await read_form(request)
    return await run_in_threadpool(_closed, request, plan_id, form)


def _closed(request: Request, plan_id: int, form: FormData) -> Response:
    visit, values = visit_of(request), texts(form)
    given = values.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else None
    ticked = [str(value) for value in form.getlist("workflow")]
    key = values.get("key") or secrets.token_urlsafe(12)
    errors = {}
    if not values.get("reason"):
        errors["reason"] = Text("Chưa ghi lý do.", "Give the reason.").in_(visit.language)
    if year is None or not ticked:
        errors["workflow"] = Text("Chưa chọn quy trình nào.", "Tick at least one workflow.").in_(visit.language)
    if errors or year is None:
        typed = Typed(FORM, values, errors, {"workflow": ticked})
        return _page(request, visit, plan_id, year, typed, key, {}, status=422)
    outcomes = close_year(
        visit.db, plan_id, year, reason=values["reason"], actor=visit.actor, key=key, now=visit.now, calendar=visit.context.calendar(),
        only={int(one) for one in ticked if one.isdecimal() and len(one) < 18},
    )  # fmt: skip
    return _page(request, visit, plan_id, year, NOTHING_TYPED, secrets.token_urlsafe(12), {o.workflow_id: o for o in outcomes})


def _page(
    request: Request, visit: Visit, plan_id: int, year: int | None, typed: Typed, key: str, outcomes: dict[int, Outcome], *,
    status: int = 200,
) -> Response:  # fmt: skip
    found = year_page(visit.db, visit.actor, plan_id, visit.now, year=year)
    years = tuple((str(y), address(f"/plans/{plan_id}/close", year=y), y == found.year) for y in found.years)
    return render(request, "close_year.html", status=status, page=YearView(found, years, DISPOSITION_TEXT, typed, key, outcomes))
