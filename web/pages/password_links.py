"""A forgotten or first password: asking for a link by mail, opening it, or using a code that an administrator gave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import DondocError, InvalidFields, NotFound, Refused, TooMany
from engine.passwords import SHORTEST
from services.password_links import LinkHolder, ask_for_reset, holder, set_by_code, set_by_link
from services.throttle import admit
from web.addresses import with_note
from web.caller import caller_of, know_device
from web.forms import NOTHING_TYPED, Typed, read_form, secret, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.visit import Visit, visit_of
from wiring.mail import mail_leaves, sealing_site

router = pages()
SECRETS = ("password", "again")
NOTES["password-set"] = (Text("Đã đặt mật khẩu. Mời đăng nhập.", "Your password is set. Please sign in."), "done")


@dataclass(frozen=True, slots=True)
class ForgotPage:
    """``mails``: the office sends mail; without, an administrator gives a code. ``asked``: the form was sent, whatever came of it."""

    mails: bool
    asked: bool
    typed: Typed


@dataclass(frozen=True, slots=True)
class SetPage:
    """``holder``: for whom the link opens, None where a name and a code are asked for, or where ``over``: it opens nothing any more."""

    holder: LinkHolder | None
    over: bool
    shortest: int
    typed: Typed


@router.get("/password/forgot")
@allow(Policy.PUBLIC)
def forgot(request: Request) -> Response:
    """The form that asks for a link."""
    return forgot_page(request)


@router.post("/password/forgot")
@allow(Policy.PUBLIC)
async def ask(request: Request) -> Response:
    """Answer, the same whoever is named, and only then look whom to mail: neither words nor time tell who has an account."""
    form, visit = texts(await read_form(request)), visit_of(request)
    who, settings = form.get("who", ""), visit.context.settings
    if not who or not mail_leaves(settings, simulated=visit.context.simulated):
        error = Text("Ghi tên đăng nhập hoặc địa chỉ thư.", "Give your sign-in name or mail address.")
        return await run_in_threadpool(forgot_page, request, _typed(visit, form, {"who": error}), 422)
    try:
        await run_in_threadpool(admit, visit.db, caller_of(request).counted_asking(), visit.now.system)
    except TooMany as wait:
        return await run_in_threadpool(forgot_page, request, _typed(visit, form, {"who": wait.text}), 429, wait)
    response = await run_in_threadpool(forgot_page, request, asked=True)
    response.background = BackgroundTask(ask_for_reset, visit.db, who, now=visit.now, site=sealing_site(settings))
    return response


@router.get("/password/code")
@allow(Policy.PUBLIC)
def code(request: Request) -> Response:
    """The form for a code."""
    return set_page(request, None)


@router.post("/password/code")
@allow(Policy.PUBLIC)
async def by_code(request: Request) -> Response:
    """Set a password by a code."""
    sent = await read_form(request)
    form = {**texts(sent), **{name: secret(sent, name) for name in SECRETS}}

    def keep() -> LinkHolder:
        visit = visit_of(request)
        return set_by_code(visit.db, form, caller=caller_of(request), now=visit.now)

    return await _set(request, keep, None, form)


@router.get("/password/{link}")
@allow(Policy.PUBLIC)
def open_link(request: Request, link: str) -> Response:
    """The form behind a link. Looking uses nothing up: programs that check mail look too."""
    visit = visit_of(request)
    try:
        found = holder(visit.db, link, visit.now)
    except NotFound as gone:
        return set_page(request, None, over=True, status=gone.http_status)
    return set_page(request, found)


@router.post("/password/{link}")
@allow(Policy.PUBLIC)
async def by_link(request: Request, link: str) -> Response:
    """Set a password by a link."""
    sent, visit = await read_form(request), visit_of(request)
    form = {name: secret(sent, name) for name in SECRETS}
    try:
        found = await run_in_threadpool(holder, visit.db, link, visit.now)
        return await _set(request, lambda: set_by_link(visit.db, link, form, now=visit.now), found, form)
    except NotFound as gone:
        return await run_in_threadpool(set_page, request, None, over=True, status=gone.http_status)


async def _set(request: Request, keep: Callable[[], LinkHolder], found: LinkHolder | None, form: dict[str, str]) -> Response:
    """Set the password with ``keep``; whoever does so shows that they own the account, so that this browser is known from now on."""
    visit = visit_of(request)
    try:
        done = await run_in_threadpool(keep)
    except InvalidFields as wrong:
        typed = _typed(visit, form, wrong.problems)
        return await run_in_threadpool(set_page, request, found, typed, status=wrong.http_status)
    except (Refused, TooMany) as wrong:
        typed = _typed(visit, form, {wrong.field or "code": wrong.text})
        return await run_in_threadpool(set_page, request, found, typed, status=wrong.http_status, error=wrong)
    response = RedirectResponse(with_note("/sign-in", "password-set"), 303)
    await run_in_threadpool(know_device, request, response, done.account_id)
    return response


def forgot_page(
    request: Request, typed: Typed = NOTHING_TYPED, status: int = 200, error: DondocError | None = None, *, asked: bool = False
) -> Response:
    """The page that asks for a link."""
    context = visit_of(request).context
    page = ForgotPage(mail_leaves(context.settings, simulated=context.simulated), asked, typed)
    return _private(render(request, "password_forgot.html", status=status, page=page), error)


def set_page(
    request: Request,
    found: LinkHolder | None,
    typed: Typed = NOTHING_TYPED,
    *,
    over: bool = False,
    status: int = 200,
    error: DondocError | None = None,
) -> Response:
    """The page that sets a password."""
    return _private(render(request, "password_set.html", status=status, page=SetPage(found, over, SHORTEST, typed)), error)


def _private(response: Response, error: DondocError | None) -> Response:
    """No page that one goes to from here learns the address, which may hold a token."""
    response.headers["Referrer-Policy"] = "no-referrer"
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _typed(visit: Visit, form: dict[str, str], problems: Mapping[str, Text]) -> Typed:
    """What comes back into the form: never a password."""
    shown = {name: value for name, value in form.items() if name not in SECRETS}
    return Typed("set", shown, {name: text.in_(visit.language) for name, text in problems.items()})
