"""Where one is signed in: every session with its browser, ending one or all others."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from services.own_sign_ins import OwnSignIn, end_others, end_own, own_sign_ins
from web.addresses import with_note
from web.forms import read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.session import session_token
from web.visit import visit_of

router = pages()
PATH = "/preferences/sessions"
NOTES["session-ended"] = (Text("Đã đăng xuất thiết bị đó.", "That device is signed out."), "done")
NOTES["sessions-ended"] = (Text("Đã đăng xuất mọi thiết bị khác.", "Every other device is signed out."), "done")


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """``idle_hours``: after how long without use an ordinary session ends by itself."""

    sessions: tuple[OwnSignIn, ...]
    idle_hours: int


@router.get(PATH)
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """The visitor's sessions."""
    visit = visit_of(request)
    settings = visit.context.settings
    found = own_sign_ins(visit.db, visit.actor.account_id, session_token(request), visit.now, settings.session_limits)
    return render(request, "sessions.html", page=SessionsPage(found, settings.session_idle_hours))


@router.post(f"{PATH}/end")
@allow(Policy.SIGNED_IN)
async def end(request: Request) -> Response:
    """End the session that the form names."""
    form, visit = texts(await read_form(request)), visit_of(request)
    await run_in_threadpool(end_own, visit.db, visit.actor.account_id, form.get("session", ""))
    return RedirectResponse(with_note(PATH, "session-ended"), 303)


@router.post(f"{PATH}/end-others")
@allow(Policy.SIGNED_IN)
def end_the_others(request: Request) -> Response:
    """End every session but this one."""
    visit = visit_of(request)
    end_others(visit.db, visit.actor.account_id, session_token(request))
    return RedirectResponse(with_note(PATH, "sessions-ended"), 303)
