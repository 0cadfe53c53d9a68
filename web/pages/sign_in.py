"""Signing in and out. The demonstration signs in with a click; otherwise by name and password."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.errors import NotFound, Refused, TooMany
from services.queries.demonstration import DemonstrationGroup, demonstration_groups
from services.sign_in_by_password import sign_in_by_password
from services.sign_ins import choose_language, close_sign_in
from web.addresses import own_path, with_note
from web.caller import caller_of
from web.forms import NOTHING_TYPED, Typed, read_form, secret, texts
from web.i18n import LANGUAGES
from web.policy import allow, pages
from web.render import render
from web.second_step import begin_or_ask
from web.session import is_https, session_token, take_cookie
from web.visit import visit_of

router = pages()


@dataclass(frozen=True, slots=True)
class SignInPage:
    """``groups`` is empty where the clock is real: nobody signs in with a click then. ``stay_days``: how long one may stay signed in on a
    phone of one's own, 0 where the office offers no such. ``provider``: signing in elsewhere is offered, under this name ("" for the
    office's account)."""

    next: str
    groups: tuple[DemonstrationGroup, ...]
    stay_days: int
    provider: str | None
    typed: Typed


@router.get("/sign-in")
@allow(Policy.PUBLIC)
def show(request: Request) -> Response:
    """The page that signs in; who has done so already goes on."""
    to = own_path(request.query_params.get("next", "/"))
    if visit_of(request).person is not None:
        return RedirectResponse(to, 303)
    return sign_in_page(request, to)


@router.post("/sign-in")
@allow(Policy.PUBLIC)
async def sign_in(request: Request) -> Response:
    """Sign in by name and password, or (demonstration) by the name of a listed account."""
    sent = await read_form(request)
    form, visit = texts(sent), visit_of(request)
    to = own_path(form.get("next", "/"))
    try:
        account_id = await run_in_threadpool(who, request, {**form, "password": secret(sent, "password")})
    except (Refused, TooMany) as error:
        typed = Typed("sign-in", {name: form.get(name, "") for name in ("login", "stay")}, {"login": error.text.in_(visit.language)})
        response = await run_in_threadpool(sign_in_page, request, to, typed, error.http_status)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.seconds)
        return response
    known = bool(form.get("login"))
    return await run_in_threadpool(begin_or_ask, request, account_id, to, trusted=form.get("stay") == "yes", known=known)


@router.post("/sign-out")
@allow(Policy.SIGNED_IN)
def sign_out(request: Request) -> Response:
    """End the session."""
    close_sign_in(visit_of(request).db, session_token(request))
    response = RedirectResponse(with_note("/sign-in", "signed-out"), 303)
    take_cookie(request, response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'  # not the cookies: the language and the browser that is known stay
    return response


@router.post("/language")
@allow(Policy.PUBLIC)
async def language(request: Request) -> Response:
    """Read on in another language: kept with the account, or in a cookie by who has not signed in."""
    form = texts(await read_form(request))
    visit, chosen = visit_of(request), form.get("language", "")
    if chosen not in LANGUAGES:
        raise NotFound()
    response = RedirectResponse(own_path(form.get("next", "/")), 303)
    if visit.person is not None:
        await run_in_threadpool(choose_language, visit.db, visit.person.actor.account_id, chosen)
    else:
        response.set_cookie("language", chosen, max_age=31536000, path="/", httponly=True, samesite="lax", secure=is_https(request))
    return response


def who(request: Request, form: dict[str, str]) -> int:
    """The account that ``form`` signs in. Raises `Refused` and `TooMany`."""
    visit, listed = visit_of(request), form.get("account", "")
    if listed and visit.context.simulated:
        found = [p for group in demonstration_groups(visit.db, visit.units, visit.now.today) for p in group.people if p.login == listed]
        if found:
            return found[0].account_id
    login, password = form.get("login", ""), form.get("password", "")
    return sign_in_by_password(visit.db, login, password, caller=caller_of(request), now=visit.now)


def sign_in_page(request: Request, to: str, typed: Typed = NOTHING_TYPED, status: int = 200) -> Response:
    """The page, going on to ``to``."""
    visit = visit_of(request)
    groups = demonstration_groups(visit.db, visit.units, visit.now.today) if visit.context.simulated else ()
    settings = visit.context.settings
    provider = settings.oidc_name if settings.oidc_issuer else None
    page = SignInPage(to, groups, settings.trusted_phone_days, provider, typed)
    return render(request, "sign_in.html", status=status, page=page)
