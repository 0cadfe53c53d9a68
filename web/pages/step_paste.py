"""Cells copied in a spreadsheet and pasted on a step's page: they fill the form's figures, for looking at."""

from __future__ import annotations

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from engine import pasting
from engine.access import Policy
from engine.errors import NotFound
from engine.numbers import Notation
from engine.reach import Thing
from services.queries.step_page import step_page
from web.forms import Typed, read_form, texts
from web.pages.steps import step_response
from web.policy import allow, pages
from web.visit import visit_of

router = pages()


@router.post("/steps/{step_id}/paste")
@allow(Policy.SIGNED_IN, Thing.STEP_IN_FULL)
async def paste(request: Request, step_id: int) -> Response:
    """Fill the figures of the form from pasted cells: nothing is saved."""
    form = await read_form(request)
    return await run_in_threadpool(filled, request, step_id, form)


def filled(request: Request, step_id: int, form: FormData) -> Response:
    """The page again with what was pasted in its fields, and what is wrong at its own field with its cell."""
    visit, fields = visit_of(request), texts(form)
    detail = step_page(visit.db, visit.actor, step_id, visit.now, visit.units).detail
    if detail is None:
        raise NotFound()
    figures = [f.figure for f in detail.papers.figures]
    found = pasting.one(figures, fields.get("paste", ""), Notation.EN if fields.get("notation") else Notation.VI)
    errors: dict[str, str] = {}
    for problem in found.problems:
        name = f"figures.{problem.figure}" if problem.figure else "paste"
        errors[name] = "; ".join(part for part in (errors.get(name), problem.sentence.in_(visit.language)) if part)
    values = {**fields, **{f"figures.{code}": value for code, value in found.typed.items()}}
    kept = {name: value for name, value in values.items() if name not in ("csrf", "key", "version", "acting_for")}
    return step_response(request, step_id, Typed("submit", kept, errors), status=422 if errors else 200)
