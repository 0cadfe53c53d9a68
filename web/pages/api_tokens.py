"""One's own API tokens: made and shown once, listed with their last use, revoked."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import InvalidFields
from engine.scopes import SCOPES, Scope, offered
from services.accounts import person_of
from services.api_tokens import USUAL_DAYS, Made, TokenLine, make, revoke, tokens_of
from web.addresses import with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.render import render
from web.visit import visit_of

router = pages()
PATH = "/preferences/tokens"
FORM = "token"
NOTES["token-revoked"] = (Text("Đã thu hồi mã truy cập.", "The token is revoked."), "done")


@dataclass(frozen=True, slots=True)
class TokensPage:
    """``scopes``: what a token of this account can be good for. ``made``: a new one, shown once. ``days``: proposed, of ``longest``."""

    lines: tuple[TokenLine, ...]
    scopes: tuple[Scope, ...]
    words: dict[Scope, Text]
    days: int
    longest: int
    typed: Typed
    made: Made | None


@router.get(PATH)
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """The tokens, and the form for another."""
    return page(request)


@router.post(PATH)
@allow(Policy.SIGNED_IN)
async def add(request: Request) -> Response:
    """Make a token and show it; what is wrong comes back beside its field."""
    form = await read_form(request)
    chosen = [value for value in form.getlist("scopes") if isinstance(value, str)]
    return await run_in_threadpool(_add, request, texts(form), chosen)


@router.post(f"{PATH}/{{token_id}}/revoke")
@allow(Policy.SIGNED_IN)
def end(request: Request, token_id: int) -> Response:
    """Revoke a token."""
    visit = visit_of(request)
    revoke(visit.db, token_id, actor=visit.actor, now=visit.now)
    return RedirectResponse(with_note(PATH, "token-revoked"), 303)


def _add(request: Request, form: dict[str, str], chosen: list[str]) -> Response:
    visit = visit_of(request)
    given = form.get("days", "")
    days = int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 0
    try:
        made = make(
            visit.db, visit.actor.account_id, actor=visit.actor, name=form.get("name", ""), scopes=chosen, days=days,
            longest=visit.context.settings.token_days, now=visit.now,
        )  # fmt: skip
    except InvalidFields as wrong:
        errors = {name: text.in_(visit.language) for name, text in wrong.problems.items()}
        return page(request, Typed(FORM, form, errors, {"scopes": chosen}), status=wrong.http_status)
    return page(request, made=made)


def page(request: Request, typed: Typed = NOTHING_TYPED, *, made: Made | None = None, status: int = 200) -> Response:
    """The page."""
    visit = visit_of(request)
    account, longest = visit.actor.account_id, visit.context.settings.token_days
    lines, scopes = tokens_of(visit.db, account, visit.now), offered(person_of(visit.db, account).actor)
    view = TokensPage(lines, scopes, SCOPES, min(USUAL_DAYS, longest), longest, typed, made)
    return render(request, "api_tokens.html", status=status, page=view)
