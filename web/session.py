"""The session cookie: HttpOnly, SameSite=Lax, Secure and ``__Host-`` behind https. The server keeps only the token's hash."""

from __future__ import annotations

from fastapi import Request, Response

from services.sign_ins import open_sign_in
from web.devices import device_of
from web.visit import context_of


def cookie_name(request: Request) -> str:
    """Cookies do not know ports: two copies on one machine must not sign each other out.

    ``__Host-`` makes the browser refuse one that another host of the domain, or plain http, wants to plant. Over plain http it refuses
    every cookie of that name, ours too, so there the name goes without.
    """
    return f"{'__Host-' if is_https(request) else ''}dondoc_{context_of(request).settings.port}"


def session_token(request: Request) -> str:
    """The token that came with ``request``; "" if none did."""
    return request.cookies.get(cookie_name(request), "")


def begin_session(request: Request, response: Response, account_id: int, *, trusted: bool = False, strong: bool = False) -> str:
    """Sign the browser of ``request`` in as ``account_id``: a new token, in ``response`` and returned; the one that it had is dead.

    ``trusted``: its person wants to stay signed in on a phone of their own; an ordinary session where the office offers no such.
    ``strong``: they gave the second factor.
    """
    context = context_of(request)
    limits = context.settings.session_limits
    token = open_sign_in(
        context.db,
        account_id,
        context.now().system,
        limits=limits,
        device=device_of(request.headers.get("user-agent", "")),
        trusted=trusted,
        strong=strong,
        replaces=session_token(request),
    )
    _, longest = limits.of(trusted=trusted)
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(longest.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )
    return token


def take_cookie(request: Request, response: Response) -> None:
    """Make the browser forget its session."""
    response.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="lax", secure=is_https(request))


def is_https(request: Request) -> bool:
    """Whether people reach us by https, directly or through a proxy named in ``DONDOC_BASE_URL``."""
    return request.url.scheme == "https" or context_of(request).settings.public_url.startswith("https:")
