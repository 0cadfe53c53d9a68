"""Forms that no page of the office of the access matrix shows as it stands: what comes after a preview, what needs another state."""

from __future__ import annotations

from collections.abc import Iterator

from tests.security.forms import Form, read
from tests.security.world import World

STEPS = ("ba", "hai")
"""Steps in other states than the one that the matrix looks at: with the approver, and not opened."""
LOOKING = ("lead", "coordinating", "approver", "agency", "head")
# Route -> who sends it, and what its form holds.
UNSHOWN: dict[str, tuple[str, str]] = {
    "/admin/accounts/{account_id}/enable": ("administrator", ""),
    "/admin/accounts/{account_id}/invite": ("administrator", ""),
    "/admin/accounts/{account_id}/unlink": ("administrator", ""),
    "/admin/calendar": ("agency", "what off_from off_to make_up document day seen key"),
    "/admin/outbox/{message_id}/resend": ("agency", ""),
    "/admin/units/change": ("agency", "on document kind units into code vi en short_vi short_en new_parent kind.2 units.2 into.2 seen key"),
    "/admin/webhooks/{webhook_id}/events": ("agency", "kinds groups"),
    "/admin/webhooks/events/{message_id}/resend": ("agency", ""),
    "/assign": ("agency", "plan number signed_on abstract leader text leads coordinating evidence due_on approver urgent seen key"),
    "/bulk": ("agency", "action step workflow days reason until lead document text how answer key"),
    "/password/forgot": ("", "who"),
    "/people/{account_id}/second-factor-off": ("administrator", ""),
    "/plans/new": ("agency", "preview seen key"),
    "/plans/{plan_id}/amend": ("agency", "preview document leave seen key"),
    "/plans/{plan_id}/amend/undo": ("agency", "amendment document leave seen key"),
    "/plans/{plan_id}/prior": ("agency", "preview"),
    "/preferences/password": ("lead", "present password again"),
    "/preferences/second-factor/codes": ("lead", "code"),
    "/preferences/second-factor/confirm": ("lead", "code present"),
    "/preferences/second-factor/off": ("lead", "code"),
    "/preferences/sessions/end": ("lead", "session"),
    "/preferences/sessions/end-others": ("lead", ""),
    "/sign-in/code": ("", "code next"),
    "/workflows/{workflow_id}/reopen": ("agency", "reason key"),
}


def more_forms(world: World) -> Iterator[Form]:
    """Those of further pages, and those of `UNSHOWN`."""
    for code in STEPS:
        for login in LOOKING:
            path = f"/steps/{world.step_id(code)}"
            yield from read(world.ask(login, "GET", path), login, path).found
    for method, route in world.routes():
        path = str(getattr(route, "path", ""))
        if method == "POST" and path in UNSHOWN:
            login, names = UNSHOWN[path]
            yield Form(world.address("POST", route).here, login, "/" if login else "/sign-in", fields=dict.fromkeys(names.split(), ""))
