"""The session cookie: HttpOnly, SameSite=Lax, Secure behind https. The server keeps only the token's hash."""

from __future__ import annotations

from fastapi import Request, Response

from services.sign_ins import LONGEST
from web.visit import context_of


def cookie_name(request: Request) -> str:
    """Cookies do not know ports: two copies on one machine must not sign each other out."""
    return f"dondoc_{context_of(request).settings.port}"


def session_token(request: Request) -> str:
    """The token that came with ``request``; "" if none did."""
    return request.cookies.get(cookie_name(request), "")


def give_cookie(request: Request, response: Response, token: str) -> None:
    """Hand the browser its session."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )


def take_cookie(request: Request, response: Response) -> None:
    """Make the browser forget its session."""
    response.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="lax", secure=is_https(request))


def is_https(request: Request) -> bool:
    """Whether people reach us by https, directly or through a proxy named in ``DONDOC_BASE_URL``."""
    return request.url.scheme == "https" or context_of(request).settings.public_url.startswith("https:")
