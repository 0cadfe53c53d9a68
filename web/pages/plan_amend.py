"""Amending a plan: a pack that is sent or a table that is edited, the whole difference, the consent to it, and the way back."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from engine.access import Policy
from engine.confidential import untold
from engine.definition import PlanDefinition, Text
from engine.errors import DondocError, InvalidFields, NotFound, PackProblem
from plans.archive import MOST_BYTES, unpack
from plans.reader import check_pack
from plans.write import pack_zip
from services.amend import apply, propose, was_made
from services.amend_preview import FIELD_TEXT, Preview
from services.amend_undo import propose_undo, undo
from services.plan_edit import Editable, editable, edited
from services.proposed import AMEND, keep_definition, kept_definition
from services.published import Version, amendments_of, version_of
from services.queries.plan_page import plan_page
from web.addresses import with_note
from web.forms import Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.query import word
from web.render import render
from web.visit import Visit, visit_of
from wiring.calendar import build_calendar

router = pages()
NOTES["amended"] = (Text("Đã điều chỉnh kế hoạch như đã xem trước.", "The plan was amended as previewed."), "done")


@dataclass(frozen=True, slots=True)
class AmendView:
    """The versions of a plan with the ways to the next one. ``problems``: what is wrong with a pack that was sent."""

    plan_id: int
    number: str
    version: int
    amendments: tuple[Any, ...]
    problems: tuple[PackProblem, ...] = ()
    error: DondocError | None = None
    most: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """The whole difference, with what consenting needs. ``undoes``: the amendment that it takes back, 0 if none."""

    plan_id: int
    number: str
    preview: Preview
    token: str
    key: str
    typed: Typed
    undoes: int = 0
    error: DondocError | None = None
    fields: dict[str, Text] | None = None


@dataclass(frozen=True, slots=True)
class EditView:
    """The table of one workflow. ``general``: what is wrong with the whole."""

    plan_id: int
    number: str
    table: Editable
    typed: Typed
    general: tuple[str, ...] = ()


@router.get("/plans/{plan_id}/amend")
@allow(Policy.AGENCY)
def show(request: Request, plan_id: int) -> Response:
    """The versions of a plan, and the ways to the next."""
    return _home(request, plan_id)


@router.get("/plans/{plan_id}/pack.zip")
@allow(Policy.AGENCY)
def pack(request: Request, plan_id: int) -> Response:
    """The version in force as a plan pack; of confidential work it holds no title, and sent back keeps those that stand."""
    found = version_of(visit_of(request).db, plan_id)
    headers = {"Content-Disposition": f'attachment; filename="ke-hoach-{plan_id}-ban-{found.number}.zip"'}
    return Response(pack_zip(untold(found.definition)), media_type="application/zip", headers=headers)


@router.post("/plans/{plan_id}/amend/preview")
@allow(Policy.AGENCY)
async def preview(request: Request, plan_id: int) -> Response:
    """What a pack that was sent would change, or every problem that it has."""
    form = await read_form(request)
    data = await sent_pack(form)
    return await run_in_threadpool(_sent, request, plan_id, data)


@router.get("/plans/{plan_id}/edit")
@allow(Policy.AGENCY)
def edit(request: Request, plan_id: int) -> Response:
    """The dates, leads and evidence of one workflow, to be changed."""
    return _table(request, plan_id, word(request, "workflow"), Typed())


@router.post("/plans/{plan_id}/edit")
@allow(Policy.AGENCY)
async def change(request: Request, plan_id: int) -> Response:
    """What the edited table would change; what is wrong comes back beside its field."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_edited, request, plan_id, form)


@router.post("/plans/{plan_id}/amend")
@allow(Policy.AGENCY)
async def consent(request: Request, plan_id: int) -> Response:
    """Amend the plan as shown; sent twice it is amended once."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_agreed, request, plan_id, form)


@router.post("/plans/{plan_id}/amend/undo")
@allow(Policy.AGENCY)
async def take_back(request: Request, plan_id: int) -> Response:
    """What taking the last amendment back would do."""
    form = texts(await read_form(request))
    return await run_in_threadpool(_undoing, request, plan_id, form)


async def sent_pack(form: FormData) -> bytes:
    """The archive that a form sent; nothing where it sent none."""
    sent = form.get("pack")
    return await sent.read(MOST_BYTES + 1) if isinstance(sent, UploadFile) else b""


def read_archive(data: bytes) -> tuple[PlanDefinition | None, list[PackProblem]]:
    """The plan in an archive and all problems. Raises Invalid for what is no archive."""
    with tempfile.TemporaryDirectory(prefix="dondoc-pack-") as folder:
        unpack(data, Path(folder))
        return check_pack(Path(folder), build_calendar)


def _home(
    request: Request, plan_id: int, *, problems: tuple[PackProblem, ...] = (), error: DondocError | None = None
) -> Response:  # fmt: skip
    visit = visit_of(request)
    found = _plan(visit, plan_id)
    view = AmendView(plan_id, found.definition.number, found.number, amendments_of(visit.db, plan_id), problems, error)
    return render(request, "plan_amend.html", status=422 if problems or error else 200, page=view)


def _plan(visit: Visit, plan_id: int) -> Version:
    plan_page(visit.db, visit.actor, plan_id, visit.now)  # raises NotFound where it is none of theirs
    return version_of(visit.db, plan_id)


def _sent(request: Request, plan_id: int, data: bytes) -> Response:
    try:
        definition, problems = read_archive(data)
    except NotFound:
        raise
    except DondocError as problem:
        return _home(request, plan_id, error=problem)
    if definition is None:
        return _home(request, plan_id, problems=tuple(problems))
    return _difference(request, plan_id, definition)


def _table(request: Request, plan_id: int, place: str, typed: Typed, *, general: tuple[str, ...] = (), status: int = 200) -> Response:
    visit = visit_of(request)
    found = _plan(visit, plan_id)
    view = EditView(plan_id, found.definition.number, editable(found.definition, place), typed, general)
    return render(request, "plan_edit.html", status=status, page=view)


def _edited(request: Request, plan_id: int, form: dict[str, str]) -> Response:
    visit, place = visit_of(request), form.get("workflow", "")
    found = _plan(visit, plan_id)
    try:
        definition = edited(found.definition, place, form, visit.context.calendar())
    except InvalidFields as problem:
        said = {name: text.in_(visit.language) for name, text in problem.problems.items()}
        general = tuple(text for name, text in said.items() if name.startswith("plan."))
        return _table(request, plan_id, place, Typed("edit", form, said), general=general, status=problem.http_status)
    return _difference(request, plan_id, definition)


def _difference(
    request: Request, plan_id: int, definition: PlanDefinition, *, token: str = "", form: dict[str, str] | None = None,
    error: DondocError | None = None,
) -> Response:  # fmt: skip
    visit, form = visit_of(request), form or {}
    found = propose(visit.db, plan_id, definition, now=visit.now, calendar=visit.context.calendar())
    token = token or keep_definition(visit.db, definition, AMEND, actor=visit.actor, now=visit.now, plan_id=plan_id)
    return _shown(request, plan_id, found, token, form, error)


def _shown(
    request: Request, plan_id: int, found: Preview, token: str, form: dict[str, str], error: DondocError | None, undoes: int = 0
) -> Response:
    visit = visit_of(request)
    said = {name: text.in_(visit.language) for name, text in error.problems.items()} if isinstance(error, InvalidFields) else {}
    view = DifferenceView(
        plan_id, found.definition.number, found, token, form.get("key") or secrets.token_urlsafe(12), Typed("amend", form, said), undoes,
        None if said else error, FIELD_TEXT,
    )  # fmt: skip
    return render(request, "plan_difference.html", status=error.http_status if error else 200, page=view)


def _agreed(request: Request, plan_id: int, form: dict[str, str]) -> Response:
    visit, key, token = visit_of(request), form.get("key", ""), form.get("preview", "")
    if key and was_made(visit.db, visit.actor, key):
        return RedirectResponse(with_note(f"/plans/{plan_id}/amend", "amended"), 303)
    definition = kept_definition(visit.db, token, AMEND, actor=visit.actor, plan_id=plan_id)
    try:
        apply(
            visit.db, plan_id, definition, document=form.get("document", ""), actor=visit.actor, key=key or secrets.token_urlsafe(12),
            now=visit.now, calendar=visit.context.calendar(), leave_refused="leave" in form, seen=form.get("seen", ""),
        )  # fmt: skip
    except DondocError as problem:
        return _difference(request, plan_id, definition, token=token, form=form, error=problem)
    return RedirectResponse(with_note(f"/plans/{plan_id}/amend", "amended"), 303)


def _undoing(request: Request, plan_id: int, form: dict[str, str]) -> Response:
    """First what it would do; with the ``seen`` of that, doing it."""
    visit = visit_of(request)
    number = int(form["amendment"]) if form.get("amendment", "").isdecimal() and len(form["amendment"]) < 10 else 0
    key = form.get("key", "")
    if key and was_made(visit.db, visit.actor, key):
        return RedirectResponse(with_note(f"/plans/{plan_id}/amend", "amended"), 303)
    try:
        found = propose_undo(visit.db, number, now=visit.now, calendar=visit.context.calendar())
    except NotFound:
        raise
    except DondocError as problem:
        return _home(request, plan_id, error=problem)
    if "seen" not in form:
        return _shown(request, plan_id, found, "", form, None, number)
    try:
        undo(
            visit.db, number, document=form.get("document", ""), actor=visit.actor, key=key or secrets.token_urlsafe(12), now=visit.now,
            calendar=visit.context.calendar(), leave_refused="leave" in form, seen=form["seen"],
        )  # fmt: skip
    except DondocError as problem:
        return _shown(request, plan_id, found, "", form, problem, number)
    return RedirectResponse(with_note(f"/plans/{plan_id}/amend", "amended"), 303)
