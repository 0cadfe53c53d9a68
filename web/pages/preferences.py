"""What a person chooses for themselves: language, mail, hours, and the address of their calendar feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from engine.errors import InvalidFields
from notifications.choices import CHOICES, GROUPS, Group
from notifications.hours import OfficeHours
from services import feeds
from services.preferences import Preferences, preferences_of
from services.preferences import save as save_preferences
from web.addresses import with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.policy import allow, pages
from web.render import render
from web.visit import Visit, visit_of
from wiring.mail import mail_rules

router = pages()
PATH = "/preferences"


@dataclass(frozen=True, slots=True)
class PreferencesPage:
    """``groups``: what can be chosen, by kind of notice. ``hours``: the office's. ``feed_address``: the new feed's, shown this once.

    ``feed_since``: when the present feed was made, None without one.
    """

    typed: Typed
    chosen: Preferences
    groups: tuple[Group, ...]
    choices: dict[str, Text]
    hours: OfficeHours
    feed_address: str
    feed_since: datetime | None


@router.get(PATH)
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """The choices."""
    return page(request)


@router.post(PATH)
@allow(Policy.SIGNED_IN)
async def save(request: Request) -> Response:
    """Save the choices, all or none."""
    form = texts(await read_form(request))
    return await run_in_threadpool(keep, request, visit_of(request), form)


@router.post(f"{PATH}/feed")
@allow(Policy.SIGNED_IN)
async def feed(request: Request) -> Response:
    """Make a new address for the feed and show it this once, or end the feed (``do=stop``)."""
    form, visit = texts(await read_form(request)), visit_of(request)
    if form.get("do") == "stop":
        await run_in_threadpool(feeds.stop, visit.db, visit.actor.account_id)
        return RedirectResponse(with_note(PATH, "feed-stopped"), 303)
    token = await run_in_threadpool(feeds.issue, visit.db, visit.actor.account_id, now=visit.now)
    return await run_in_threadpool(page, request, feed_address=f"{visit.context.settings.public_url}/feeds/{token}.ics")


def keep(request: Request, visit: Visit, form: dict[str, str]) -> Response:
    """Save ``form``, or show it again with what is wrong."""
    mail = {group.code: form[f"mail-{group.code}"] for group in GROUPS if f"mail-{group.code}" in form}
    own = {"language": form.get("language", ""), "open_from": form.get("from", ""), "open_to": form.get("to", "")}
    try:
        save_preferences(visit.db, visit.actor.account_id, mail=mail, hours=hours_of(visit), **own)
    except InvalidFields as wrong:
        errors = {name: text.in_(visit.language) for name, text in wrong.problems.items()}
        return page(request, Typed("preferences", form, errors), status=wrong.http_status)
    return RedirectResponse(with_note(PATH, "preferences-saved"), 303)


def page(request: Request, typed: Typed = NOTHING_TYPED, *, feed_address: str = "", status: int = 200) -> Response:
    """The page."""
    visit = visit_of(request)
    account = visit.actor.account_id
    chosen, since = preferences_of(visit.db, account), feeds.issued_at(visit.db, account)
    view = PreferencesPage(typed, chosen, GROUPS, CHOICES, hours_of(visit), feed_address, since)
    return render(request, "preferences.html", status=status, page=view)


def hours_of(visit: Visit) -> OfficeHours:
    """The office's hours of mail."""
    return mail_rules(visit.context.settings, visit.context.calendar()).hours
