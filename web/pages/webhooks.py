"""Webhooks for those who answer for the office: who is told of what, how it goes, adding, trying, removing, sending once more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import DondocError, InvalidFields
from engine.reach import Thing
from notifications.channels.transport import Outcome, Result
from notifications.webhook_events import EVENTS
from services import webhooks
from services.outbox import BY_HAND, STATE_TEXT
from services.webhooks import Added, WebhookLine, WebhookMessageLine
from web.addresses import own_path, with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.notes import NOTES
from web.policy import allow, pages
from web.query import address, number, word
from web.render import render
from web.visit import visit_of
from wiring.webhooks import webhook_way

router = pages()

HOME = "/admin/webhooks"
FORM = "webhook"
PER_PAGE = 50
GROUPS: dict[str, Text] = {
    "step.": Text("Bước", "Steps"),
    "workflow.": Text("Quy trình", "Workflows"),
    "plan.": Text("Kế hoạch", "Plans"),
    "calendar.": Text("Lịch làm việc", "Working calendar"),
}
NOTES["webhook-removed"] = (Text("Đã gỡ webhook.", "The webhook is removed."), "done")
NOTES["event-resent"] = (Text("Sự kiện sẽ được gửi lại.", "The event will be sent again."), "done")


@dataclass(frozen=True, slots=True)
class WebhooksView:
    """``kinds``: events in groups. ``added``: a new webhook with its secret, shown this once. ``tried``: the webhook that was tried, and
    what came of it. ``previous`` and ``next`` are addresses, "" at the ends; ``here`` is this very page's."""

    hooks: tuple[WebhookLine, ...]
    lines: tuple[WebhookMessageLine, ...]
    kinds: tuple[tuple[Text, tuple[tuple[str, Text], ...]], ...]
    states: dict[str, Text]
    state: str
    typed: Typed
    number: int
    previous: str
    next: str
    here: str
    added: Added | None = None
    tried: tuple[int, Outcome] | None = None
    error: DondocError | None = None

    def taken(self) -> bool:
        """Whether the trial was taken."""
        return self.tried is not None and self.tried[1].result is Result.SENT

    def by_hand(self, line: WebhookMessageLine) -> bool:
        """Whether a person may send it again."""
        return line.state in BY_HAND


@router.get(HOME)
@allow(Policy.OFFICE)
def index(request: Request) -> Response:
    """Webhooks, and what was told, newest first; ``?state=``, ``?page=``."""
    return shown(request)


@router.post(HOME)
@allow(Policy.OFFICE)
async def add(request: Request) -> Response:
    """Add a webhook and show its secret; what is wrong comes back beside its field."""
    form = await read_form(request)
    kinds = [value for value in form.getlist("kinds") if isinstance(value, str)]
    return await run_in_threadpool(_added, request, texts(form), kinds)


@router.post(f"{HOME}/{{webhook_id}}/test")
@allow(Policy.OFFICE)
def trial(request: Request, webhook_id: int) -> Response:
    """Send one event that counts for nothing, and say what came of it."""
    visit = visit_of(request)
    way = webhook_way(visit.context.settings)
    found = webhooks.try_it(visit.db, webhook_id, now=visit.now, web=way.web, master=way.master, source=way.source)
    return shown(request, tried=(webhook_id, found))


@router.post(f"{HOME}/{{webhook_id}}/remove")
@allow(Policy.OFFICE)
def remove(request: Request, webhook_id: int) -> Response:
    """Remove a webhook."""
    visit = visit_of(request)
    webhooks.remove(visit.db, webhook_id, actor=visit.actor, now=visit.now)
    return RedirectResponse(with_note(HOME, "webhook-removed"), 303)


@router.post(f"{HOME}/events/{{message_id}}/resend")
@allow(Policy.OFFICE, Thing.OFFICE)
def send_again(request: Request, message_id: int) -> Response:
    """Send a refused or uncertain event once more, then back to the list."""
    visit = visit_of(request)
    try:
        webhooks.resend(visit.db, message_id, actor=visit.actor, now=visit.now)
    except DondocError as error:
        return shown(request, error=error)
    return RedirectResponse(with_note(own_path(word(request, "next"), HOME), "event-resent"), 303)


def _added(request: Request, form: dict[str, str], kinds: list[str]) -> Response:
    visit = visit_of(request)
    way = webhook_way(visit.context.settings)
    name, url = form.get("name", ""), form.get("url", "")
    try:
        made = webhooks.add(
            visit.db, name=name, url=url, kinds=kinds, actor=visit.actor, now=visit.now, web=way.web, master=way.master
        )  # fmt: skip
    except InvalidFields as wrong:
        errors = {field: text.in_(visit.language) for field, text in wrong.problems.items()}
        return shown(request, typed=Typed(FORM, {"name": name, "url": url}, errors, {"kinds": kinds}))
    return shown(request, added=made)


def shown(request: Request, *, typed: Typed = NOTHING_TYPED, **more: Any) -> Response:
    """The page as it is now."""
    visit = visit_of(request)
    state, at = word(request, "state"), max(1, number(request, "page") or 1)
    state = state if state in STATE_TEXT else ""
    states = (state,) if state else ()
    found = webhooks.messages(visit.db, states=states, language=visit.language, offset=(at - 1) * PER_PAGE, limit=PER_PAGE + 1)

    def page(n: int) -> str:
        return address(HOME, state=state, page=n if n > 1 else "")

    view = WebhooksView(
        hooks=tuple(webhooks.webhooks(visit.db)),
        lines=tuple(found[:PER_PAGE]),
        kinds=tuple((title, tuple((k, t) for k, t in EVENTS.items() if k.startswith(head))) for head, title in GROUPS.items()),
        states=STATE_TEXT,
        state=state,
        typed=typed,
        number=at,
        previous=page(at - 1) if at > 1 else "",
        next=page(at + 1) if len(found) > PER_PAGE else "",
        here=page(at),
        **more,
    )
    status = 422 if typed.errors else view.error.http_status if view.error else 200
    return render(request, "webhooks.html", status=status, page=view)
