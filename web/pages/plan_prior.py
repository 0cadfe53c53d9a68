"""Prior steps of a plan: the template, what a spreadsheet says of them with every problem at its cell, and the consent to it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from engine.access import Policy
from engine.definition import Text
from engine.errors import DondocError, NotFound
from services.prior import PriorPreview, preview_prior, prior_steps, record_prior
from services.prior_sheet import PriorStep, template, template_xlsx
from services.proposed import keep_results, kept_results
from services.queries.plan_page import plan_page
from services.sheets import MOST_BYTES
from web.addresses import with_note
from web.figure_tables import as_csv
from web.forms import read_form
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTES["prior-recorded"] = (Text("Đã ghi kết quả các bước trước ngày theo dõi.", "Results of prior steps recorded."), "done")


@dataclass(frozen=True, slots=True)
class PriorView:
    """``preview``: what an uploaded spreadsheet says, None before one was sent; ``token`` agrees to it. ``error``: it is no spreadsheet."""

    plan_id: int
    number: str
    steps: tuple[PriorStep, ...]
    preview: PriorPreview | None = None
    token: str = ""
    error: DondocError | None = None
    most: int = MOST_BYTES


@router.get("/plans/{plan_id}/prior")
@allow(Policy.AGENCY)
def show(request: Request, plan_id: int) -> Response:
    """The prior steps with what is known of them, and the way to send a spreadsheet."""
    return _page(request, plan_id)


@router.get("/plans/{plan_id}/prior.{kind}")
@allow(Policy.AGENCY)
def download(request: Request, plan_id: int, kind: str) -> Response:
    """The template, ``kind`` xlsx or csv."""
    visit = visit_of(request)
    steps = prior_steps(visit.db, plan_id, today=visit.now.today)
    if kind not in ("xlsx", "csv"):
        raise NotFound()
    rows = template(steps)
    body = template_xlsx(steps) if kind == "xlsx" else as_csv(rows[0], rows[1:])
    headers = {"Content-Disposition": f'attachment; filename="buoc-truoc.{kind}"'}
    return Response(body, media_type=XLSX if kind == "xlsx" else "text/csv; charset=utf-8", headers=headers)


@router.post("/plans/{plan_id}/prior/preview")
@allow(Policy.AGENCY)
async def preview(request: Request, plan_id: int) -> Response:
    """What the spreadsheet would record, or every problem with its cell."""
    sent = (await read_form(request)).get("file")
    data = await sent.read(MOST_BYTES + 1) if isinstance(sent, UploadFile) else b""
    return await run_in_threadpool(_previewed, request, plan_id, data)


@router.post("/plans/{plan_id}/prior")
@allow(Policy.AGENCY)
async def consent(request: Request, plan_id: int) -> Response:
    """Record what was shown; sent twice it is recorded once."""
    token = str((await read_form(request)).get("preview", ""))
    return await run_in_threadpool(_recorded, request, plan_id, token)


def _previewed(request: Request, plan_id: int, data: bytes) -> Response:
    visit = visit_of(request)
    try:
        found = preview_prior(visit.db, plan_id, data, now=visit.now)
    except NotFound:
        raise
    except DondocError as problem:
        return _page(request, plan_id, error=problem)
    token = keep_results(visit.db, found.changes, actor=visit.actor, now=visit.now, plan_id=plan_id) if found.changes else ""
    return _page(request, plan_id, found, token)


def _recorded(request: Request, plan_id: int, token: str) -> Response:
    visit = visit_of(request)
    results = kept_results(visit.db, token, actor=visit.actor, plan_id=plan_id)
    record_prior(visit.db, plan_id, results, actor=visit.actor, now=visit.now)
    return RedirectResponse(with_note(f"/plans/{plan_id}/prior", "prior-recorded"), 303)


def _page(request: Request, plan_id: int, found: PriorPreview | None = None, token: str = "", error: DondocError | None = None) -> Response:
    visit = visit_of(request)
    plan = plan_page(visit.db, visit.actor, plan_id, visit.now).plan
    steps = tuple(prior_steps(visit.db, plan_id, today=visit.now.today))
    bad = error is not None or (found is not None and bool(found.problems))
    view = PriorView(plan_id, plan.number, steps, found, token, error)
    return render(request, "plan_prior.html", status=422 if bad else 200, page=view)
