"""Between the right password and the session: whoever has a second factor is asked for it, in the same browser."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.second_factor import PATIENCE, ask, has_second_factor
from web.addresses import with_next
from web.caller import know_device
from web.session import begin_session, cookie_name, is_https
from web.visit import context_of

PATH = "/sign-in/code"


def begin_or_ask(
    request: Request, account_id: int, to: str, *, trusted: bool = False, known: bool = False, strong: bool = False
) -> Response:
    """Sign the browser in and go on to ``to``, or first ask for the code.

    ``known``: it can show later that they did so there. ``strong``: somebody else has asked for a second factor already.
    """
    context = context_of(request)
    if strong or not has_second_factor(context.db, account_id):
        response = RedirectResponse(to, 303)
        begin_session(request, response, account_id, trusted=trusted, strong=strong)
        if known:
            know_device(request, response, account_id)
        return response
    token = ask(context.db, account_id, trusted=trusted, now=context.now())
    response = RedirectResponse(with_next(PATH, to), 303)
    longest = int(PATIENCE.total_seconds())
    response.set_cookie(_name(request), token, max_age=longest, path="/", httponly=True, samesite="lax", secure=is_https(request))
    return response


def challenge_token(request: Request) -> str:
    """The token of whoever owes a code; "" if none came."""
    return request.cookies.get(_name(request), "")


def forget_challenge(request: Request, response: Response) -> None:
    """Make the browser forget that it owes a code."""
    response.delete_cookie(_name(request), path="/", httponly=True, samesite="lax", secure=is_https(request))


def _name(request: Request) -> str:
    return f"{cookie_name(request)}_code"
