"""Changing one's own password, knowing the present one."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import InvalidFields
from engine.passwords import SHORTEST
from services.passwords import change_password, has_password
from web.addresses import with_note
from web.caller import caller_of
from web.forms import NOTHING_TYPED, Typed, read_form, secret
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.session import session_token
from web.visit import visit_of

router = pages()
PATH = "/preferences/password"
FIELDS = ("present", "password", "again")
NOTES["password-changed"] = (
    Text("Đã đổi mật khẩu; mọi thiết bị khác đã đăng xuất.", "Your password is changed; every other device is signed out."),
    "done",
)


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """``exists``: the visitor signs in by a password at all. What was typed never comes back, only what is wrong with it."""

    exists: bool
    shortest: int
    typed: Typed


@router.get(PATH)
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """The form."""
    return password_page(request)


@router.post(PATH)
@allow(Policy.SIGNED_IN)
async def change(request: Request) -> Response:
    """Change it; what is wrong stands beside its field."""
    sent = await read_form(request)
    return await run_in_threadpool(keep, request, {name: secret(sent, name) for name in FIELDS})


def keep(request: Request, form: dict[str, str]) -> Response:
    """Keep the new password of ``form``."""
    visit = visit_of(request)
    try:
        change_password(visit.db, visit.actor, form, token=session_token(request), caller=caller_of(request), now=visit.now)
    except InvalidFields as wrong:
        errors = {name: text.in_(visit.language) for name, text in wrong.problems.items()}
        return password_page(request, Typed("password", {}, errors), wrong.http_status)
    return RedirectResponse(with_note("/preferences", "password-changed"), 303)


def password_page(request: Request, typed: Typed = NOTHING_TYPED, status: int = 200) -> Response:
    """The page."""
    visit = visit_of(request)
    page = PasswordPage(has_password(visit.db, visit.actor.account_id), SHORTEST, typed)
    return render(request, "password.html", status=status, page=page)
