"""Naming who of the lead unit handles a step. It gives and takes no right: everybody of the unit acts on it as before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import payload as given
from engine.definition import Text
from engine.errors import Invalid
from engine.facts import Fact
from engine.people import perhaps
from engine.situation import Situation
from engine.step_state import NO_HANDLER, Effect

FIELD = "handler"


def name_handler(at: Situation) -> Effect:
    """Whoever has the sign-in name ``handler`` handles the step from now on; where that is empty, nobody does any more.

    ``stored``: sign-in name → account of the people whom the lead unit can name. Raises Invalid for anybody else, and where nothing would
    change.
    """
    if at.payload.get(FIELD) is None:
        raise given.missing(FIELD)
    login, note = given.text(at.payload, FIELD), given.text(at.payload, "note")
    account = _colleague(login, at.stored) if login else None
    if account == at.step.handler:
        raise _already(account)
    if account is None:
        return Effect({**NO_HANDLER}, (Fact("step.handler-released"),), note)
    return Effect({"handler": account, "handled_since": at.now.business}, (Fact("step.handler-named", {"account": account}),), note)


def _colleague(login: str, colleagues: Mapping[str, Any]) -> int:
    known = {name.casefold(): int(account) for name, account in colleagues.items()}
    if login.casefold() in known:
        return known[login.casefold()]
    raise Invalid(
        Text(f"Không giao được cho “{login}”: không làm việc ở đơn vị chủ trì.", f"“{login}” does not work in the lead unit."),
        code="handler",
        field=FIELD,
        hint=perhaps(login, known),
    )


def _already(account: int | None) -> Invalid:
    if account is None:
        return Invalid(Text("Chưa giao ai xử lý bước này.", "Nobody is named to handle it."), code="no-handler", field=FIELD)
    return Invalid(Text("Người này đang xử lý bước này.", "This person handles it already."), code="same-handler", field=FIELD)
