"""What the ladder proposes to take above a unit: one click releases it, or a reason puts it off."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import DondocError, NotFound
from services.escalate import Proposal, proposals, put_off, release
from web.addresses import with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()

NOTES.update(
    {
        "released": (Text("Đã chuyển lên cấp trên.", "It goes above the unit now."), "done"),
        "put-off": (Text("Đã ghi: chưa chuyển.", "Noted: not now."), "done"),
    }
)


@dataclass(frozen=True, slots=True)
class EscalationsView:
    """``typed``: a reason that was refused, in the form of its proposal."""

    proposals: tuple[Proposal, ...]
    typed: Typed = NOTHING_TYPED
    error: DondocError | None = None


@router.get("/escalations")
@allow(Policy.AGENCY)
def show(request: Request) -> Response:
    """The proposals that wait, the longest overdue first."""
    return listed(request)


@router.post("/escalations/{notice_id}/release")
@allow(Policy.AGENCY)
def let_go(request: Request, notice_id: int) -> Response:
    """Release one; a second click changes nothing."""
    visit = visit_of(request)
    try:
        release(visit.db, notice_id, actor=visit.actor, now=visit.now)
    except NotFound:
        raise
    except DondocError as error:
        return listed(request, error=error)
    return RedirectResponse(with_note("/escalations", "released"), 303)


@router.post("/escalations/{notice_id}/put-off")
@allow(Policy.AGENCY)
async def hold(request: Request, notice_id: int) -> Response:
    """Not now, with a reason."""
    reason = texts(await read_form(request)).get("reason", "")
    return await run_in_threadpool(held, request, notice_id, reason)


def held(request: Request, notice_id: int, reason: str) -> Response:
    """Put it off, or show the page again with what is wrong."""
    visit = visit_of(request)
    try:
        put_off(visit.db, notice_id, reason=reason, actor=visit.actor, now=visit.now)
    except NotFound:
        raise
    except DondocError as error:
        errors = {"reason": error.text.in_(visit.language)} if error.field else {}
        return listed(request, Typed(str(notice_id), {"reason": reason}, errors), error)
    return RedirectResponse(with_note("/escalations", "put-off"), 303)


def listed(request: Request, typed: Typed = NOTHING_TYPED, error: DondocError | None = None) -> Response:
    """The page as it is now."""
    visit = visit_of(request)
    view = EscalationsView(proposals(visit.db, visit.actor, visit.now), typed, error)
    return render(request, "escalations.html", status=error.http_status if error else 200, page=view)
