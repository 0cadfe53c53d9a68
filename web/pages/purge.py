"""Destroying a wrongly handed in file: proposing it, and the list on which another person confirms."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import DondocError, Invalid, NotFound
from services.purge import Holding, Proposal, decide, holdings, proposals, propose
from web.addresses import with_note
from web.forms import number_of, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()

NOTES["purge-proposed"] = (Text("Đã đề nghị; chờ người thứ hai.", "Proposed; a second person must confirm."), "done")
NOTES["purge-decided"] = (Text("Đã ghi quyết định.", "Decided."), "done")


@dataclass(frozen=True, slots=True)
class ProposeView:
    attachment_id: int
    name: str
    held: tuple[Holding, ...]
    typed: str = ""
    error: Text | None = None


@dataclass(frozen=True, slots=True)
class FilesView:
    proposals: tuple[Proposal, ...]
    error: DondocError | None = None


@router.get("/attachments/{attachment_id}/purge")
@allow(Policy.SIGNED_IN)
def ask(request: Request, attachment_id: int) -> Response:
    """What would go, and why it should."""
    visit = visit_of(request)
    name, held = holdings(visit.db, visit.actor, attachment_id)
    return render(request, "purge_file.html", page=ProposeView(attachment_id, name, held))


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
    return render(request, "admin_files.html", page=FilesView(proposals(visit_of(request).db)))


@router.post("/admin/files/{purge_id}")
@allow(Policy.OFFICE)
async def judge(request: Request, purge_id: int) -> Response:
    """Confirm or refuse a proposal."""
    fields = texts(await read_form(request))
    return await run_in_threadpool(_decide, request, purge_id, fields)


def _propose(request: Request, attachment_id: int, reason: str) -> Response:
    visit = visit_of(request)
    name, held = holdings(visit.db, visit.actor, attachment_id)
    try:
        propose(visit.db, visit.actor, attachment_id, reason, now=visit.now)
    except NotFound:
        raise
    except DondocError as wrong:
        page = ProposeView(attachment_id, name, held, reason, wrong.text)
        return render(request, "purge_file.html", status=wrong.http_status, page=page)
    own = next(place.step_id for place in held if place.attachment_id == attachment_id)
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
        return render(request, "admin_files.html", status=wrong.http_status, page=FilesView(proposals(visit.db), wrong))
    return RedirectResponse(with_note("/admin/files", "purge-decided"), 303)
