"""What a browser carries while it is away at the identity provider: sealed in a cookie of its own, for some minutes, good once."""

from __future__ import annotations

import hmac
import json
import secrets
from binascii import Error as NotBase64
from datetime import datetime, timedelta

from fastapi import Request, Response

from engine.errors import Unavailable
from services.sealing import seal, unseal
from web.identity_provider import Errand
from web.session import cookie_name, is_https
from web.visit import context_of
from wiring.secret_key import secret_key

PATIENCE = timedelta(minutes=15)  # somebody may have to find their second factor there
PLACE = "sign-in-by-provider"
LONGEST = 1500  # letters of the page to go on to: a cookie holds 4 KB


def new_errand(to: str, at: datetime) -> Errand:
    """A fresh errand that ends at the page ``to``."""
    goes_on = to if len(to) <= LONGEST else "/"
    return Errand(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), goes_on, at)


def send_on_errand(request: Request, response: Response, errand: Errand) -> None:
    """Let the browser of ``request`` carry the errand; one that it had is forgotten."""
    text = json.dumps([errand.state, errand.nonce, errand.verifier, errand.to, errand.began.isoformat()])
    sealed = seal(secret_key(context_of(request).settings), text, place=PLACE)
    longest = int(PATIENCE.total_seconds())
    response.set_cookie(_name(request), sealed, max_age=longest, path="/", httponly=True, samesite="lax", secure=is_https(request))


def errand_of(request: Request, state: str, at: datetime) -> Errand | None:
    """The errand from which the browser comes back with ``state``; None for one that never left, is too late or comes from another."""
    try:
        text = unseal(secret_key(context_of(request).settings), request.cookies.get(_name(request), ""), place=PLACE)
    except (Unavailable, NotBase64, ValueError):  # somebody made it up, or the key is another one since
        return None
    first, nonce, verifier, to, began = json.loads(text)
    errand = Errand(first, nonce, verifier, to, datetime.fromisoformat(began))
    in_time = errand.began <= at < errand.began + PATIENCE
    return errand if in_time and hmac.compare_digest(errand.state.encode(), state.encode()) else None


def forget_errand(request: Request, response: Response) -> None:
    """The errand is over, whatever came of it."""
    response.delete_cookie(_name(request), path="/", httponly=True, samesite="lax", secure=is_https(request))


def _name(request: Request) -> str:
    return f"{cookie_name(request)}_away"
