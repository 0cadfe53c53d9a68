"""The office's calendar: its year, a form for days off and make-up days, the dates that would move, and the consent to it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.calendar_proposal import Proposal
from engine.definition import Text
from engine.errors import DondocError, InvalidFields
from services.calendar_change import Preview, apply, propose, read_additions, read_removal, was_made
from services.queries.calendar_page import CalendarPage, calendar_page
from web.action_forms import iso_day
from web.addresses import with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.query import address, number, word
from web.render import render
from web.visit import Visit, visit_of
from wiring.calendar import proposed_days

router = pages()

HOME = "/admin/calendar"
FIRST_YEAR, LAST_YEAR = 1990, 2200
ADD, REMOVE = "add", "remove"
FIELDS = {ADD: ("off_from", "off_to", "make_up", "document"), REMOVE: ("day", "document")}
NOTES["calendar-changed"] = (
    Text("Đã ghi vào lịch và chuyển các hạn đã nêu.", "Recorded; the dates that were listed have moved."), "done"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CalendarView:
    """``years``: (year, address, whether it is shown). ``removing``: the ISO day that is about to be taken back, "" if none."""

    calendar: CalendarPage
    years: tuple[tuple[int, str, bool], ...]
    typed: Typed
    removing: str


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What would move, with what consenting needs: everything that was typed, a key, and what was seen."""

    preview: Preview
    what: str
    typed: Typed
    fields: tuple[str, ...]
    key: str
    error: DondocError | None
    links: bool


@router.get(HOME)
@allow(Policy.OFFICE)
def show(request: Request) -> Response:
    """The calendar of a year; with ``remove`` the form that takes a day back, with ``off`` or ``worked`` a proposed day filled in."""
    visit = visit_of(request)
    day = word(request, "remove")
    off, worked = word(request, "off"), word(request, "worked")
    values = {"off_from": off, "make_up": worked, "document": word(request, "document")} if off or worked else {}
    return _page(request, visit, Typed(ADD, values) if values else NOTHING_TYPED, removing=day)


@router.post(f"{HOME}/preview")
@allow(Policy.OFFICE)
async def preview(request: Request) -> Response:
    """The dates that would move; what is wrong comes back beside its field."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_previewed, request, form)


@router.post(HOME)
@allow(Policy.OFFICE)
async def consent(request: Request) -> Response:
    """Record the change and move the dates that were shown; others are shown first."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_agreed, request, form)


def _previewed(request: Request, form: dict[str, str], error: DondocError | None = None) -> Response:
    visit, what = visit_of(request), _what(form)
    try:
        proposal = _read(visit, what, form)
    except InvalidFields as problem:
        return _page(request, visit, _typed(what, form, problem, visit.language), removing=form.get("day", ""), status=problem.http_status)
    found = propose(visit.db, proposal, now=visit.now, proposed=proposed_days)
    view = PreviewView(
        found, what, _typed(what, form), FIELDS[what], form.get("key") or secrets.token_urlsafe(12), error, visit.actor.reads_everything
    )
    return render(request, "admin_calendar_preview.html", status=error.http_status if error else 200, page=view)


def _agreed(request: Request, form: dict[str, str]) -> Response:
    visit, what = visit_of(request), _what(form)
    key = form.get("key") or secrets.token_urlsafe(12)
    if was_made(visit.db, visit.actor, key):
        return RedirectResponse(with_note(HOME, "calendar-changed"), 303)
    try:
        proposal = _read(visit, what, form)
        apply(visit.db, proposal, actor=visit.actor, key=key, now=visit.now, proposed=proposed_days, seen=form.get("seen", ""))
    except InvalidFields as problem:
        return _page(request, visit, _typed(what, form, problem, visit.language), removing=form.get("day", ""), status=problem.http_status)
    except DondocError as problem:
        return _previewed(request, form, problem)
    year = min([*(day.day for day in proposal.days), *proposal.removed]).year
    return RedirectResponse(with_note(address(HOME, year=year), "calendar-changed"), 303)


def _what(form: dict[str, str]) -> str:
    return REMOVE if form.get("what") == REMOVE else ADD


def _read(visit: Visit, what: str, form: dict[str, str]) -> Proposal:
    """The form with its days in ISO form, judged by the rules."""
    given = {name: form.get(name, "") for name in FIELDS[what]}
    for name in given.keys() & {"off_from", "off_to", "day"}:
        given[name] = iso_day(given[name])
    if "make_up" in given:
        given["make_up"] = ",".join(iso_day(part) for part in given["make_up"].replace(";", ",").split(","))
    if what == REMOVE:
        return read_removal(visit.db, given)
    return read_additions(visit.db, given, now=visit.now, proposed=proposed_days)


def _typed(what: str, form: dict[str, str], problem: InvalidFields | None = None, language: str = "vi") -> Typed:
    values = {name: form.get(name, "") for name in FIELDS[what]}
    return Typed(what, values, {name: text.in_(language) for name, text in problem.problems.items()} if problem else {})


def _page(request: Request, visit: Visit, typed: Typed, *, removing: str = "", status: int = 200) -> Response:
    found = calendar_page(visit.db, visit.now, proposed_days, year=_year(str(number(request, "year") or "")) or _year(iso_day(removing)))
    years = tuple((year, address(HOME, year=year), year == found.year) for year in found.years)
    return render(request, "admin_calendar.html", status=status, page=CalendarView(found, years, typed, iso_day(removing)))


def _year(text: str) -> int | None:
    """The year at the beginning of ``text``, if it is one that a calendar may have."""
    year = text[:4] if len(text) in (4, 10) else ""
    return int(year) if year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR else None
