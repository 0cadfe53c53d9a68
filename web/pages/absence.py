"""Absences and deputies: naming one for oneself or, as the unit's head, for others; ending it; acting on somebody's behalf."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import InvalidFields
from services.deputies import AbsencePage, absences, end_deputy, name_deputy
from services.sign_ins import choose_for_whom
from web.action_forms import iso_day
from web.addresses import own_path, with_note
from web.forms import NOTHING_TYPED, Typed, number_of, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.session import session_token
from web.visit import visit_of

router = pages()
PATH = "/absence"
NOTES["deputy-named"] = (Text("Đã ghi người thay mặt.", "The deputy is named."), "done")
NOTES["deputy-ended"] = (Text("Đã kết thúc ủy quyền.", "It has ended."), "done")


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """The page; ``typed`` is what was typed into its form, with what is wrong."""

    absence: AbsencePage
    typed: Typed


@router.get(PATH)
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """The absences that concern the visitor, and the form that names a deputy."""
    return page(request)


@router.post(PATH)
@allow(Policy.SIGNED_IN)
async def name(request: Request) -> Response:
    """Name a deputy; what is wrong comes back beside its field."""
    form = texts(await read_form(request))
    return await run_in_threadpool(keep, request, form)


@router.post(f"{PATH}/{{deputy_id}}/end")
@allow(Policy.SIGNED_IN)
def end(request: Request, deputy_id: int) -> Response:
    """End a deputy before its last day."""
    visit = visit_of(request)
    end_deputy(visit.db, visit.actor, deputy_id, now=visit.now)
    return RedirectResponse(with_note(PATH, "deputy-ended"), 303)


@router.post("/acting-for")
@allow(Policy.SIGNED_IN)
async def act_for(request: Request) -> Response:
    """Act for the absent person of the deputy number ``deputy`` from now on; empty: for oneself again."""
    form, visit = texts(await read_form(request)), visit_of(request)
    chosen = form.get("deputy", "")
    deputy_id = (number_of(chosen) or 0) if chosen else None
    await run_in_threadpool(choose_for_whom, visit.db, session_token(request), deputy_id, visit.now)
    return RedirectResponse(own_path(form.get("next", "/")), 303)


def keep(request: Request, form: dict[str, str]) -> Response:
    """Save ``form``, or show it again with what is wrong."""
    visit = visit_of(request)
    given = {**form, "from": iso_day(form.get("from", "")), "to": iso_day(form.get("to", ""))}
    try:
        name_deputy(visit.db, visit.actor, given, now=visit.now)
    except InvalidFields as wrong:
        errors = {field: text.in_(visit.language) for field, text in wrong.problems.items()}
        return page(request, Typed("absence", form, errors), status=wrong.http_status)
    return RedirectResponse(with_note(PATH, "deputy-named"), 303)


def page(request: Request, typed: Typed = NOTHING_TYPED, *, status: int = 200) -> Response:
    """The page."""
    visit = visit_of(request)
    return render(request, "absence.html", status=status, page=AbsenceView(absences(visit.db, visit.actor, visit.now), typed))
