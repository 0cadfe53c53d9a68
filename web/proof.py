"""Step-up: an approval asks again who one is, if the last proof is older than the office wants. Off unless it says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from engine.definition import Text
from engine.errors import Refused
from engine.step_up import asks, is_due
from services.proofs import Way, prove, way_of
from web.caller import caller_of
from web.session import session_token
from web.visit import Visit


def due_way(visit: Visit) -> Way | None:
    """What the next approval asks the visitor for; None if nothing. In the demonstration who has no password is asked for none."""
    minutes = visit.context.settings.step_up_minutes
    if visit.proved_at is None or not is_due(visit.proved_at, visit.now.system, minutes):
        return None
    way = way_of(visit.db, visit.actor.account_id)
    return None if way is Way.NONE and visit.context.simulated else way


def require_proof(visit: Visit, action: str, payload: Mapping[str, Any]) -> None:
    """Raise `Refused` for an act that asks for a proof which the visitor has not given lately; a token proves nobody."""
    if not visit.context.settings.step_up_minutes or not asks(action, payload):
        return
    if visit.bearer is not None:
        raise Refused(
            Text(
                "Việc duyệt cần chính người duyệt xác nhận, mã truy cập không làm thay được.",
                "Approving needs the person; no token does it.",
            ),
            code="step-up",
            hint=Text("Đăng nhập bằng mật khẩu.", "Sign in with the password."),
            field="proof",
        )
    if due_way(visit) is not None:
        raise Refused(
            Text("Việc duyệt cần xác nhận lại đúng là bạn.", "Approving asks once more who you are."),
            code="step-up",
            hint=Text("Nhập mật khẩu hoặc mã từ điện thoại.", "Give the password, or the code from the phone."),
            field="proof",
        )


def take_proof(request: Request, visit: Visit, given: str) -> None:
    """Take what was typed as a proof, from now on. Raises `Invalid` at the field ``proof``, and `TooMany`."""
    token, caller = session_token(request), caller_of(request)
    prove(visit.db, visit.actor.account_id, given, token=token, caller=caller, now=visit.now)
    visit.proved_at = visit.now.system
