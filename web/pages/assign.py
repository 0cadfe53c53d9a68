"""Ad-hoc assignments: one form, what it would make and whom it would tell, and the consent to it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from engine.access import Policy
from engine.assignment import NOBODY
from engine.definition import Text
from engine.errors import InvalidFields
from services.assign import Choices, Preview, assign, choices, propose
from services.queries.units import UnitLabel
from web.action_forms import iso_day
from web.addresses import with_note
from web.forms import Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.query import number, word
from web.render import render
from web.visit import Visit, visit_of

router = pages()

FORM = "assign"
LINES = ("number", "signed_on", "abstract", "leader", "text", "due_on", "approver", "evidence", "numbered", "urgent", "confidential")
LISTS = ("leads", "coordinating")
NOTES["assigned"] = (Text("Đã giao việc. Các đơn vị được báo như đã xem trước.", "Assigned. The units are told as previewed."), "done")


@dataclass(frozen=True, slots=True)
class AssignView:
    """The form. ``units``: to choose from, in their fixed order; ``approvers``: pairs (value, label)."""

    choices: Choices
    units: tuple[UnitLabel, ...]
    approvers: tuple[tuple[str, Text], ...]
    typed: Typed
    key: str


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What would be made, with what consenting needs: everything that was typed, and a key."""

    preview: Preview
    fields: tuple[tuple[str, str], ...]
    key: str


@router.get("/assign")
@allow(Policy.AGENCY)
def show(request: Request) -> Response:
    """The form; with ``lead`` a unit ticked already."""
    visit = visit_of(request)
    found = choices(visit.db, now=visit.now, calendar=visit.context.calendar(), plan_id=number(request, "plan"))
    values = {"due_on": found.due_on.isoformat(), "numbered": "1", "evidence": "Văn bản báo cáo kết quả"}
    return _page(request, visit, found, Typed(FORM, values, lists={"leads": [word(request, "lead")]}), secrets.token_urlsafe(12))


@router.post("/assign/preview")
@allow(Policy.AGENCY)
async def preview(request: Request) -> Response:
    """The steps that would be made and the mails that would leave; what is wrong comes back beside its field."""
    form = await read_form(request)
    return await run_in_threadpool(_previewed, request, form)


@router.post("/assign")
@allow(Policy.AGENCY)
async def consent(request: Request) -> Response:
    """Make the assignment; sent twice it is made once."""
    form = await read_form(request)
    return await run_in_threadpool(_made, request, form)


def _previewed(request: Request, form: FormData) -> Response:
    visit, values = visit_of(request), texts(form)
    try:
        found = propose(
            visit.db, given_of(form), actor=visit.actor, now=visit.now, calendar=visit.context.calendar(), plan_id=_plan(values)
        )  # fmt: skip
    except InvalidFields as problem:
        return _wrong(request, visit, form, problem)
    fields = [(name, values[name]) for name in ("plan", *LINES) if values.get(name)]
    fields += [(name, str(value)) for name in LISTS for value in form.getlist(name)]
    return render(request, "assign_preview.html", page=PreviewView(found, tuple(fields), _key(values)))


def _made(request: Request, form: FormData) -> Response:
    visit, values = visit_of(request), texts(form)
    if "edit" in values:
        return _wrong(request, visit, form, None)
    try:
        made = assign(
            visit.db, given_of(form), actor=visit.actor, key=_key(values), now=visit.now, calendar=visit.context.calendar(),
            plan_id=_plan(values),
        )  # fmt: skip
    except InvalidFields as problem:
        return _wrong(request, visit, form, problem)
    return RedirectResponse(with_note(f"/workflows/{made.workflow_id}", "assigned"), 303)


def given_of(form: FormData) -> dict[str, Any]:
    """What the service reads: days in ISO form, lists as lists."""
    values = texts(form)
    found: dict[str, Any] = {name: values.get(name, "") for name in LINES}
    found |= {name: iso_day(found[name]) for name in ("signed_on", "due_on")}
    return found | {name: [str(value) for value in form.getlist(name)] for name in LISTS}


def _plan(values: dict[str, str]) -> int | None:
    plan = values.get("plan", "")
    return int(plan) if plan.isdecimal() and len(plan) < 10 else None


def _key(values: dict[str, str]) -> str:
    return values.get("key") or secrets.token_urlsafe(12)


def _wrong(request: Request, visit: Visit, form: FormData, problem: InvalidFields | None) -> Response:
    """The form once more with everything that was typed, and what is wrong with it."""
    values = texts(form)
    found = choices(visit.db, now=visit.now, calendar=visit.context.calendar(), plan_id=_plan(values))
    errors = {name: text.in_(visit.language) for name, text in problem.problems.items()} if problem else {}
    lists = {name: [str(value) for value in form.getlist(name)] for name in LISTS}
    typed = Typed(FORM, {name: values.get(name, "") for name in LINES}, errors, lists)
    return _page(request, visit, found, typed, _key(values), status=problem.http_status if problem else 200)


def _page(request: Request, visit: Visit, found: Choices, typed: Typed, key: str, *, status: int = 200) -> Response:
    labels = [label for label in visit.units.labels.values() if label.code in found.units]
    units = tuple(sorted(labels, key=lambda label: (label.position, label.code)))
    nobody = (NOBODY, Text("Không cần ai xác nhận", "Nobody confirms"))
    approvers = (nobody, *((label.code, label.name) for label in units))
    return render(request, "assign.html", status=status, page=AssignView(found, units, approvers, typed, key))
