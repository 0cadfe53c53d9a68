"""A one-time code for somebody of one's unit who has no password or forgot it: asked about first, then shown once, to print."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response

from engine.access import Policy
from services.invitations import Invited, for_whom, give_code
from services.password_links import CODE, LASTS
from web.policy import allow, pages
from web.render import render
from web.visit import Visit, visit_of

router = pages()
HOUR = 3600


@dataclass(frozen=True, slots=True)
class CodeView:
    """``given``: for whom; its code is "" while it is only asked about. ``address``: where it is entered."""

    given: Invited
    hours: int
    address: str


@router.get("/people/{account_id}/code")
@allow(Policy.PEOPLE)
def ask(request: Request, account_id: int) -> Response:
    """What giving one means, and the button that does it."""
    visit = visit_of(request)
    return _page(request, visit, for_whom(visit.db, visit.actor, account_id))


@router.post("/people/{account_id}/code")
@allow(Policy.PEOPLE)
def give(request: Request, account_id: int) -> Response:
    """Give one. Nobody sees it again."""
    visit = visit_of(request)
    return _page(request, visit, give_code(visit.db, visit.actor, account_id, now=visit.now))


def _page(request: Request, visit: Visit, given: Invited) -> Response:
    view = CodeView(given, int(LASTS[CODE].total_seconds()) // HOUR, f"{visit.context.settings.public_url}/password/code")
    return render(request, "people_code.html", page=view)
