"""What a person chooses for themselves: the language, and the address of their calendar feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from engine.definition import Text
from services import feeds
from services.sign_ins import choose_language
from web.addresses import with_note
from web.forms import NOTHING_TYPED, Typed, read_form, texts
from web.i18n import LANGUAGES
from web.policy import allow, pages
from web.render import render
from web.visit import Visit, visit_of

router = pages()
PATH = "/preferences"
UNKNOWN_LANGUAGE = Text("Chọn một trong hai ngôn ngữ.", "Choose one of the two languages.")


@dataclass(frozen=True, slots=True)
class PreferencesPage:
    """``feed_address``: the new feed's, which is shown this once. ``feed_since``: when the present one was made, None without one."""

    typed: Typed
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
    language = form.get("language", "")
    errors = {} if language in LANGUAGES else {"language": UNKNOWN_LANGUAGE.in_(visit.language)}
    if errors:
        return page(request, Typed("preferences", form, errors), status=422)
    choose_language(visit.db, visit.actor.account_id, language)
    return RedirectResponse(with_note(PATH, "preferences-saved"), 303)


def page(request: Request, typed: Typed = NOTHING_TYPED, *, feed_address: str = "", status: int = 200) -> Response:
    """The page."""
    visit = visit_of(request)
    since = feeds.issued_at(visit.db, visit.actor.account_id)
    return render(request, "preferences.html", status=status, page=PreferencesPage(typed, feed_address, since))
