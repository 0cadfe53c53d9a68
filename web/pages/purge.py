"""Destroying a wrongly handed in file: proposing it, and the list on which another person confirms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import DondocError, Invalid, NotFound
from services.purge import Holding, Proposal, decide, holdings, proposals, propose
from services.queries.step_names import StepName, step_names
from web.addresses import with_note
from web.forms import number_of, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.visit import Visit, visit_of

router = pages()
Places = tuple[tuple[StepName, ...], int]  # the steps that hold a file, as far as the reader knows of them, and how many more there are

NOTES["purge-proposed"] = (Text("Đã đề nghị; chờ người thứ hai.", "Proposed; a second person must confirm."), "done")
NOTES["purge-decided"] = (Text("Đã ghi quyết định.", "Decided."), "done")


@dataclass(frozen=True, slots=True)
class ProposeView:
    attachment_id: int
    name: str
    held: tuple[Holding, ...]
    places: Places
    typed: str = ""
    error: Text | None = None


@dataclass(frozen=True, slots=True)
class FilesView:
    """``places``: those of each proposal, by its number."""

    proposals: tuple[Proposal, ...]
    places: Mapping[int, Places]
    error: DondocError | None = None


@router.get("/attachments/{attachment_id}/purge")
@allow(Policy.SIGNED_IN)
def ask(request: Request, attachment_id: int) -> Response:
    """What would go, and why it should."""
    visit = visit_of(request)
    return render(request, "purge_file.html", page=_view(visit, attachment_id))


@router.post("/attachments/{attachment_id}/purge")
@allow(Policy.SIGNED_IN)
async def put_forward(request: Request, attachment_id: int) -> Response:
    """Propose it; then back to the step."""
    fields = texts(await read_form(request))
    return await run_in_threadpool(_propose, request, attachment_id, fields.get("reason", ""))


@router.get("/admin/files")
@allow(Policy.OFFICE)
def index(request: Request) -> Response:
    """Every proposal, the latest first."""
    return render(request, "admin_files.html", page=_files(visit_of(request)))


@router.post("/admin/files/{purge_id}")
@allow(Policy.OFFICE)
async def judge(request: Request, purge_id: int) -> Response:
    """Confirm or refuse a proposal."""
    fields = texts(await read_form(request))
    return await run_in_threadpool(_decide, request, purge_id, fields)


def _view(visit: Visit, attachment_id: int) -> ProposeView:
    name, held = holdings(visit.db, visit.actor, attachment_id)
    return ProposeView(attachment_id, name, held, _places(held, step_names(visit.db, visit.actor, (place.step_id for place in held))))


def _files(visit: Visit, error: DondocError | None = None) -> FilesView:
    found = proposals(visit.db)
    known = step_names(visit.db, visit.actor, (place.step_id for it in found for place in it.held))
    return FilesView(found, {it.id: _places(it.held, known) for it in found}, error)


def _places(held: tuple[Holding, ...], known: Mapping[int, StepName]) -> Places:
    ids = dict.fromkeys(place.step_id for place in held)
    named = tuple(known[id_] for id_ in ids if id_ in known)
    return named, len(ids) - len(named)


def _propose(request: Request, attachment_id: int, reason: str) -> Response:
    visit = visit_of(request)
    view = _view(visit, attachment_id)
    try:
        propose(visit.db, visit.actor, attachment_id, reason, now=visit.now)
    except NotFound:
        raise
    except DondocError as wrong:
        return render(request, "purge_file.html", status=wrong.http_status, page=replace(view, typed=reason, error=wrong.text))
    own = next(place.step_id for place in view.held if place.attachment_id == attachment_id)
    return RedirectResponse(with_note(f"/steps/{own}", "purge-proposed"), 303)


def _decide(request: Request, purge_id: int, fields: dict[str, str]) -> Response:
    visit, seen = visit_of(request), fields.get("seen", "")
    try:
        if fields.get("decision") not in ("confirm", "refuse"):
            raise Invalid(Text("Chọn xóa hoặc không xóa.", "Choose whether to destroy it."), code="decision", field="decision")
        shown = tuple(number for part in seen.split(",") if (number := number_of(part)) is not None)
        folder = visit.context.settings.attachments_folder
        decide(visit.db, folder, visit.actor, purge_id, confirm=fields["decision"] == "confirm", seen=shown, now=visit.now)
    except NotFound:
        raise
    except DondocError as wrong:
        return render(request, "admin_files.html", status=wrong.http_status, page=_files(visit, wrong))
    return RedirectResponse(with_note("/admin/files", "purge-decided"), 303)
