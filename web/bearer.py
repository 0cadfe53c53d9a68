"""API tokens in the header ``Authorization: Bearer dd_…``: on ``/api/v1`` only, never on pages, and without a session beside them."""

from __future__ import annotations

from fastapi import Request

from engine.access import Policy
from engine.definition import Text
from engine.errors import Refused
from engine.instants import Now
from engine.scopes import needed
from services.api_tokens import Bearer, bearer_of
from wiring.context import AppContext

API = "/api/v1/"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="dondoc"'}
WRONG = {"WWW-Authenticate": 'Bearer realm="dondoc", error="invalid_token"'}
LONGEST = 200  # characters that are worth hashing


class WrongToken(Exception):
    """The token is unknown, expired or revoked, or its account works here no more. Nobody outside can tell which."""


def token_in(request: Request) -> str | None:
    """The token that came with a request to the API; None without one. "" where the header is there and holds none."""
    given = request.headers.get("authorization")
    if given is None or not request.url.path.startswith(API):
        return None
    scheme, _, token = given.partition(" ")
    return token.strip() if scheme.lower() == "bearer" and len(token) <= LONGEST else ""


def bearer_in(context: AppContext, now: Now, request: Request) -> Bearer | None:
    """Who acts by the token of ``request``; None without one. Raises `WrongToken`."""
    token = token_in(request)
    if token is None:
        return None
    found = bearer_of(context.db, token, now) if token else None
    if found is None:
        raise WrongToken
    return found


def check_scope(bearer: Bearer, policy: Policy, *, changes: bool) -> None:
    """Raise `Refused` for a request beyond the token's scopes."""
    scope = needed(policy, changes=changes)
    if policy is not Policy.PUBLIC and scope not in bearer.scopes:
        raise Refused(
            Text(f"Mã truy cập này không có phạm vi “{scope}”.", f"This token does not have the scope “{scope}”."),
            code="scope",
            hint=Text("Tạo mã khác có phạm vi đó, nếu tài khoản được phép.", "Make another one that has it, if the account may."),
        )
