"""Webhooks for those who answer for the office: who is told of what, how it goes, adding, choosing, trying, removing, sending once more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from engine.access import Policy
from engine.definition import Text
from engine.errors import DondocError, InvalidFields
from engine.reach import Thing
from notifications.channels.transport import Outcome, Result
from notifications.webhook_kinds import EVENT_GROUPS, EventGroup, of_groups
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
FORM, CHANGE = "webhook", "webhook-events"
PER_PAGE = 50
NOTES["webhook-events-chosen"] = (Text("Đã lưu các sự kiện sẽ báo.", "The events to be told of are saved."), "done")
NOTES["webhook-removed"] = (Text("Đã gỡ webhook.", "The webhook is removed."), "done")
NOTES["event-resent"] = (Text("Sự kiện sẽ được gửi lại.", "The event will be sent again."), "done")


@dataclass(frozen=True, slots=True)
class Choice:
    """One group of events, and those of it that are chosen."""

    group: EventGroup
    chosen: dict[str, Text]

    @property
    def every(self) -> bool:
        """Whether all of them are."""
        return len(self.chosen) == len(self.group.events)


def choices(kinds: Collection[str]) -> tuple[Choice, ...]:
    """Every group, with what of it ``kinds`` names."""
    return tuple(Choice(group, group.of(kinds)) for group in EVENT_GROUPS)


@dataclass(frozen=True, slots=True)
class WebhooksView:
    """``choices``: what the form offers; ``changed``: the webhook whose events it changes, None where it adds one. ``added``: a new
    webhook with its secret, shown this once. ``tried``: the webhook that was tried, and what came of it. ``previous`` and ``next`` are
    addresses, "" at the ends; ``here`` is this very page's."""

    hooks: tuple[WebhookLine, ...]
    lines: tuple[WebhookMessageLine, ...]
    choices: tuple[Choice, ...]
    states: dict[str, Text]
    state: str
    typed: Typed
    number: int
    previous: str
    next: str
    here: str
    changed: WebhookLine | None = None
    added: Added | None = None
    tried: tuple[int, Outcome] | None = None
    error: DondocError | None = None

    def taken(self) -> bool:
        """Whether the trial was taken."""
        return self.tried is not None and self.tried[1].result is Result.SENT

    def heard(self, hook: WebhookLine) -> tuple[Choice, ...]:
        """What a webhook is told of: the groups of which it hears something."""
        return tuple(choice for choice in choices(hook.kinds) if choice.chosen)

    def by_hand(self, line: WebhookMessageLine) -> bool:
        """Whether a person may send it again."""
        return line.state in BY_HAND


@router.get(HOME)
@allow(Policy.OFFICE)
def index(request: Request) -> Response:
    """Webhooks, and what was told, newest first; ``?state=``, ``?page=``, and ``?change=``: the one whose events are chosen anew."""
    return shown(request)


@router.post(HOME)
@allow(Policy.OFFICE)
async def add(request: Request) -> Response:
    """Add a webhook and show its secret; what is wrong comes back beside its field."""
    form = await read_form(request)
    return await run_in_threadpool(_added, request, texts(form), *_ticked(form))


@router.post(f"{HOME}/{{webhook_id}}/events")
@allow(Policy.OFFICE)
async def choose(request: Request, webhook_id: int) -> Response:
    """Change what a webhook is told of; its address and secret stay."""
    return await run_in_threadpool(_chosen, request, webhook_id, *_ticked(await read_form(request)))


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


def _ticked(form: FormData) -> tuple[list[str], list[str]]:
    """The single events and the whole groups that were ticked."""
    kinds, groups = ([value for value in form.getlist(name) if isinstance(value, str)] for name in ("kinds", "groups"))
    return kinds, groups


def _wrong(form: str, values: dict[str, str], kinds: list[str], groups: list[str], wrong: InvalidFields, language: str) -> Typed:
    """What was typed, to come back: a whole group as its events, so that one of them can be taken away again."""
    errors = {field: text.in_(language) for field, text in wrong.problems.items()}
    return Typed(form, values, errors, {"kinds": [*kinds, *of_groups(groups)]})


def _added(request: Request, form: dict[str, str], kinds: list[str], groups: list[str]) -> Response:
    visit = visit_of(request)
    way = webhook_way(visit.context.settings)
    name, url = form.get("name", ""), form.get("url", "")
    try:
        made = webhooks.add(
            visit.db, name=name, url=url, kinds=kinds, groups=groups, actor=visit.actor, now=visit.now, web=way.web, master=way.master
        )  # fmt: skip
    except InvalidFields as wrong:
        return shown(request, typed=_wrong(FORM, {"name": name, "url": url}, kinds, groups, wrong, visit.language))
    return shown(request, added=made)


def _chosen(request: Request, webhook_id: int, kinds: list[str], groups: list[str]) -> Response:
    visit = visit_of(request)
    source = visit.context.settings.public_url
    try:
        webhooks.choose(visit.db, webhook_id, kinds=kinds, groups=groups, actor=visit.actor, now=visit.now, source=source)
    except InvalidFields as wrong:
        return shown(request, change=webhook_id, typed=_wrong(CHANGE, {}, kinds, groups, wrong, visit.language))
    return RedirectResponse(with_note(HOME, "webhook-events-chosen"), 303)


def shown(request: Request, *, typed: Typed = NOTHING_TYPED, change: int | None = None, **more: Any) -> Response:
    """The page as it is now; ``change``: the webhook whose events are chosen anew."""
    visit = visit_of(request)
    state, at = word(request, "state"), max(1, number(request, "page") or 1)
    state = state if state in STATE_TEXT else ""
    states = (state,) if state else ()
    found = webhooks.messages(visit.db, states=states, language=visit.language, offset=(at - 1) * PER_PAGE, limit=PER_PAGE + 1)

    hooks = tuple(webhooks.webhooks(visit.db))
    change = change or number(request, "change")
    changed = next((hook for hook in hooks if hook.id == change), None)

    def page(n: int) -> str:
        return address(HOME, state=state, page=n if n > 1 else "")

    view = WebhooksView(
        hooks=hooks,
        lines=tuple(found[:PER_PAGE]),
        choices=choices(typed.lists.get("kinds", []) if typed.errors else changed.kinds if changed else ()),
        changed=changed,
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
