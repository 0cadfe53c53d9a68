"""Taking the second factor off somebody who lost telephone and paper: for administrators."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from engine.access import Policy
from engine.definition import Text
from services.second_factor_setup import take_off
from web.addresses import with_note
from web.notes import NOTES
from web.policy import allow, pages
from web.visit import visit_of

router = pages()
NOTES["second-factor-taken-off"] = (
    Text("Đã tắt xác thực hai lớp của người này; họ đã bị đăng xuất.", "Their second factor is off, and they are signed out."),
    "done",
)


@router.post("/people/{account_id}/second-factor-off")
@allow(Policy.ADMINISTRATOR)
def take(request: Request, account_id: int) -> Response:
    """Take it off."""
    visit = visit_of(request)
    take_off(visit.db, visit.actor, account_id, now=visit.now)
    return RedirectResponse(with_note("/people", "second-factor-taken-off"), 303)
