"""A table of units × figures pasted by the standing agency: looked at, then recorded unit by unit."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.errors import InvalidFields
from engine.numbers import Notation
from services.queries.figures_page import FiguresPage, figures_page
from services.record_figures import RecordLine, RecordPreview, checked_paper, preview, record
from web.action_forms import iso_day
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()
FORM = "record"


@dataclass(frozen=True, slots=True)
class FiguresPasteView:
    """``preview``: what would be done, None before anything was pasted. ``done``: what was done, None until then."""

    table: FiguresPage
    typed: Typed
    key: str
    preview: RecordPreview | None = None
    done: tuple[RecordLine, ...] | None = None

    @property
    def ready(self) -> bool:
        """Whether the preview can be confirmed."""
        found = self.preview
        return found is not None and bool(found.possible) and not found.problems and not self.typed.errors and self.done is None


@router.get("/figures/{workflow_id}/{code}/record")
@allow(Policy.AGENCY)
def show(request: Request, workflow_id: int, code: str) -> Response:
    """Where the table is pasted."""
    visit = visit_of(request)
    table = figures_page(visit.db, visit.actor, workflow_id, code)
    return render(request, "figures_paste.html", page=FiguresPasteView(table, NOTHING_TYPED, secrets.token_urlsafe(12)))


@router.post("/figures/{workflow_id}/{code}/record")
@allow(Policy.AGENCY)
async def paste(request: Request, workflow_id: int, code: str) -> Response:
    """Show what recording would do; with ``confirm``, do it."""
    form = texts(await read_form(request))
    return await run_in_threadpool(answer, request, workflow_id, code, form)


def answer(request: Request, workflow_id: int, code: str, form: dict[str, str]) -> Response:
    """The page with the preview, or with what was done; what is wrong stands at its field with everything that was typed."""
    visit = visit_of(request)
    table = figures_page(visit.db, visit.actor, workflow_id, code)
    found = preview(table, visit.units, form.get("paste", ""), Notation.EN if form.get("notation") else Notation.VI)
    errors: dict[str, str] = {}
    paper: dict[str, str] = {}
    try:
        paper = checked_paper({**form, "date": iso_day(form.get("date", ""))}, visit.now)
    except InvalidFields as wrong:
        errors = {name: text.in_(visit.language) for name, text in wrong.problems.items()}
    key = form.get("key") or secrets.token_urlsafe(12)
    typed = Typed(FORM, {name: value for name, value in form.items() if name not in ("csrf", "key", "confirm")}, errors)
    view = FiguresPasteView(table, typed, key, found)
    if form.get("confirm") and view.ready:
        calendar = visit.context.calendar()
        done = record(visit.db, found.possible, paper, actor=visit.actor, key=key, now=visit.now, calendar=calendar)
        view = FiguresPasteView(figures_page(visit.db, visit.actor, workflow_id, code), typed, key, found, done)
    return render(request, "figures_paste.html", status=422 if errors or found.problems else 200, page=view)
