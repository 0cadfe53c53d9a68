"""Before any handler: who asks, may they, and did our own page send it.

Requests that change something must come from this origin, and carry the session's token where a session answers for them: in the form
field ``csrf`` or the header ``X-CSRF-Token``. Signing in has no session yet, so the origin alone answers for it. An API token is sent by a
program on purpose, never by a browser of itself, so that nothing else need come with it.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from engine.access import Policy, may_use
from engine.definition import Text
from engine.errors import NotFound, Refused
from engine.second_factor import is_required
from services.sign_ins import signed_in
from web.bearer import bearer_in, check_scope
from web.caller import network_of
from web.forms import read_form
from web.kept import from_here
from web.limits import check_head
from web.session import session_token
from web.visit import Visit, context_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = ("127.0.0.1", "::1")
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
WITHOUT = ("/preferences/second-factor", "/sign-out", "/api/v1/session")  # for who owes the second factor
TEXT_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class NotSignedIn(Exception):
    """The page is for people who have signed in: they are sent to do so."""


class OwesSecondFactor(Exception):
    """The office requires the second factor of the visitor, who has none yet: they are sent to set it up."""


class OldToken(Refused):
    """A page of ours sent a form with the token of a session that is no more: another one began in the meantime."""


async def admit(request: Request, policy: Policy) -> None:
    """Open the visit of ``request`` or raise: `NotSignedIn`, `WrongToken`, `OwesSecondFactor`, `Refused`, or `NotFound` for
    what only the demonstration has."""
    check_head(request)
    visit = await run_in_threadpool(open_visit, request)
    request.state.visit = visit
    if request.method not in SAFE:
        check_origin(request)
        if policy is not Policy.FLOW_UI:  # its POSTs ask, none changes anything
            request.app.state.rates.count(sender_of(request, visit))
    if visit.bearer is not None:
        check_scope(visit.bearer, policy, changes=request.method not in SAFE)
    actor = visit.person.actor if visit.person else None
    if policy is Policy.WATCH and watches(request, visit.context.settings.metrics_token.get_secret_value()):
        return
    if policy is Policy.DEMONSTRATION and not visit.context.simulated:
        raise NotFound()
    if not may_use(policy, actor, simulated=visit.context.simulated):
        if actor is None:
            raise NotSignedIn
        raise Refused(
            Text("Trang này không dành cho bạn.", "This page is not for you."),
            code="policy",
            hint=Text("Hãy hỏi người quản trị nếu bạn cần quyền này.", "Ask an administrator if you need this right."),
        )
    if visit.owes and policy is not Policy.PUBLIC and not request.url.path.startswith(WITHOUT):
        raise OwesSecondFactor
    browses = visit.person is not None and visit.bearer is None
    if request.method not in SAFE and browses and policy is not Policy.FLOW_UI:
        await check_token(request, visit)


def sender_of(request: Request, visit: Visit) -> str:
    """Against whom a changing request counts: the account, or the address it comes from."""
    return str(visit.person.actor.account_id) if visit.person else network_of(request.client.host if request.client else "")


def open_visit(request: Request) -> Visit:
    """Who is behind ``request``, by its API token or its session cookie. Raises `WrongToken`."""
    context = context_of(request)
    now = context.now()
    bearer = bearer_in(context, now, request)
    if bearer is not None:
        return Visit(context, now, bearer.person.language, bearer.person, bearer=bearer)
    token = session_token(request)
    found = signed_in(context.db, token, now, context.settings.session_limits) if token else None
    if found is None:
        chosen = request.cookies.get("language", "")
        return Visit(context, now, chosen if chosen in ("vi", "en") else context.settings.language.value)
    owes = not found.strong and is_required(found.own, context.settings.second_factor_of)
    return Visit(context, now, found.person.language, found.person, found.csrf, found.acting_for, owes=owes, proved_at=found.proved_at)


def watches(request: Request, token: str) -> bool:
    """Whether a program may watch: by ``token`` if one is set, else from this very machine and through no proxy."""
    if token:
        return hmac.compare_digest(request.headers.get("authorization", "").encode("latin-1"), f"Bearer {token}".encode())
    forwarded = any(name in request.headers for name in FORWARDED)
    return request.client is not None and request.client.host in LOOPBACK and not forwarded


def check_origin(request: Request) -> None:
    """Raise `Refused` for a request that another site made the browser send."""
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise _foreign()
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise _foreign()


async def check_token(request: Request, visit: Visit) -> None:
    """Raise `Refused` unless the session's token came along, `OldToken` where one of our own pages still had another session's."""
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").startswith(TEXT_FORMS):
        given = str((await read_form(request)).get("csrf", ""))
    if not hmac.compare_digest(given.encode(), visit.csrf.encode()):
        raise _foreign(OldToken if given and from_here(request) else Refused)


def _foreign(kind: type[Refused] = Refused) -> Refused:
    return kind(
        Text("Yêu cầu này không đến từ một trang của hệ thống.", "This request did not come from one of our pages."),
        code="csrf",
        hint=Text("Tải lại trang rồi gửi lại.", "Reload the page and send it again."),
    )
