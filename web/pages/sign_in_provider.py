"""Signing in by the office's identity provider: off to it, and back with a code."""

from __future__ import annotations

import logging

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from engine.access import Policy
from engine.definition import Text
from engine.errors import NotFound, Refused, TooMany, Unavailable
from services.sign_in_by_provider import sign_in_by_provider
from services.throttle import admit, succeeded
from web.addresses import own_path
from web.caller import caller_of
from web.errand import errand_of, forget_errand, new_errand, send_on_errand
from web.forms import Typed
from web.identity_provider import RETURN, Errand, IdentityProvider
from web.pages.sign_in import sign_in_page
from web.policy import allow, pages
from web.second_step import begin_or_ask
from web.visit import visit_of

router = pages()
log = logging.getLogger("dondoc.sign-in")


@router.get("/sign-in/provider")
@allow(Policy.PUBLIC)
def leave(request: Request) -> Response:
    """Send the browser to the provider; who has signed in already goes on."""
    provider, visit = provider_of(request), visit_of(request)
    to = own_path(request.query_params.get("next", "/"))
    if visit.person is not None:
        return RedirectResponse(to, 303)
    errand = new_errand(to, visit.now.system)
    try:
        response = RedirectResponse(provider.way_there(errand, visit.now.system), 303)
    except Unavailable as silent:
        return _told(request, to, silent)
    send_on_errand(request, response, errand)
    return response


@router.get(RETURN)
@allow(Policy.PUBLIC)
def come_back(request: Request) -> Response:
    """Sign in whom the provider sends back. What the address carries is good once, and only in the browser that left."""
    provider, visit = provider_of(request), visit_of(request)
    errand = errand_of(request, request.query_params.get("state", ""), visit.now.system)
    to = errand.to if errand else "/"
    try:
        account_id = _who(request, provider, errand)
    except (Refused, TooMany, Unavailable) as error:
        response = _told(request, to, error)
    else:
        log.info("signed in", extra={"fields": {"account": account_id, "by": "provider"}})
        response = begin_or_ask(request, account_id, to, known=True, strong=visit.context.settings.oidc_second_factor)
    forget_errand(request, response)
    return response


def provider_of(request: Request) -> IdentityProvider:
    """The office's provider. Raises `NotFound` where it has none."""
    provider = request.app.state.provider
    if not isinstance(provider, IdentityProvider):
        raise NotFound()
    return provider


def _who(request: Request, provider: IdentityProvider, errand: Errand | None) -> int:
    """The account that signs in. Raises `Refused`, `TooMany`, `Unavailable`."""
    visit, said = visit_of(request), request.query_params
    if errand is None:
        raise Refused(
            Text("Lượt đăng nhập này đã hết giờ, hoặc bắt đầu ở trình duyệt khác.", "This took too long, or began in another browser."),
            code="provider-state",
            hint=Text("Hãy bấm đăng nhập lại.", "Please sign in again."),
        )
    if "error" in said or not said.get("code") or said.get("iss", provider.issuer) != provider.issuer:
        raise _not_signed_in()
    counted = caller_of(request).counted_address()
    admit(visit.db, counted, visit.now.system)
    found = provider.who_came(said["code"], errand, visit.now.system)
    account_id = sign_in_by_provider(visit.db, found.issuer, found.subject, found.address, now=visit.now)
    succeeded(visit.db, counted, visit.now.system)
    return account_id


def _not_signed_in() -> Refused:
    """The provider sends somebody back without having signed them in; what it says of it is never shown."""
    text = Text("Bạn chưa đăng nhập ở nơi đăng nhập chung.", "You did not sign in at the identity provider.")
    return Refused(text, code="provider-declined", field="provider")


def _told(request: Request, to: str, error: Refused | TooMany | Unavailable) -> Response:
    """The sign-in page with what was wrong; the log tells it without names, addresses and codes."""
    log.warning("not signed in", extra={"fields": {"by": "provider", "why": error.code}})
    response = sign_in_page(
        request, to, Typed("provider", {}, {"provider": error.sentence.in_(visit_of(request).language)}), error.http_status
    )
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds a code
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    return response
