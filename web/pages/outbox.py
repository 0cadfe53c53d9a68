"""The outbox for those who answer for it: what went to whom, what did not and why; sending again; trying the mail server."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from engine.access import Policy
from engine.definition import Text
from engine.errors import DondocError, NotFound
from engine.reach import Thing
from notifications.channels.envelope import Recipient
from services.mail_trial import Trial, try_mail
from services.outbox import BY_HAND, STATE_TEXT, OutboxLine, counts, outbox, resend
from web.addresses import own_path, with_note
from web.notes import NOTES
from web.policy import allow, pages
from web.query import address, number, word
from web.render import render
from web.visit import visit_of
from wiring.mail import mail_leaves, site_of, transport_of

router = pages()

PER_PAGE = 50
NOTES["resent"] = (Text("Thư sẽ được gửi lại.", "The mail will be sent again."), "done")


@dataclass(frozen=True, slots=True)
class OutboxView:
    """``counts``: messages by state. ``previous`` and ``next`` are addresses, "" at the ends; ``here`` is this very list's.

    ``server``: "host:port", "" for none; ``keeps``: nothing leaves for want of one, in the demonstration the small mailbox takes it.
    ``trial``: what came of trying it.
    """

    lines: tuple[OutboxLine, ...]
    counts: dict[str, int]
    states: dict[str, Text]
    state: str
    to: str
    number: int
    previous: str
    next: str
    here: str
    server: str
    keeps: bool
    trial: Trial | None = None
    error: DondocError | None = None

    def by_hand(self, line: OutboxLine) -> bool:
        """Whether a person may send it again."""
        return line.state in BY_HAND


@router.get("/admin/outbox")
@allow(Policy.OFFICE)
def index(request: Request) -> Response:
    """Messages, newest first; ``?state=``, ``?to=`` (part of a name or an address), ``?page=``."""
    return listed(request)


@router.post("/admin/outbox/{message_id}/resend")
@allow(Policy.OFFICE, Thing.OFFICE)
def send_again(request: Request, message_id: int) -> Response:
    """Send a refused or uncertain message once more, then back to the list."""
    visit = visit_of(request)
    try:
        resend(visit.db, message_id, actor=visit.actor, now=visit.now)
    except NotFound:
        raise
    except DondocError as error:
        return listed(request, error=error)
    return RedirectResponse(with_note(own_path(word(request, "next"), "/admin/outbox"), "resent"), 303)


@router.post("/admin/outbox/test")
@allow(Policy.OFFICE)
def trial(request: Request) -> Response:
    """Try the mail server, with one mail to the visitor's own address if there is one."""
    visit = visit_of(request)
    settings, person = visit.context.settings, visit.person
    reader = Recipient(person.actor.name, person.address, visit.language) if person and person.address else None
    secret = settings.smtp_password.get_secret_value()
    way = transport_of(settings, simulated=visit.context.simulated)
    return listed(request, try_mail(way, reader, now=visit.now, site=site_of(settings), secret=secret))


def listed(request: Request, tried: Trial | None = None, error: DondocError | None = None) -> Response:
    """The page as it is now."""
    visit = visit_of(request)
    state, to, at = word(request, "state"), word(request, "to"), max(1, number(request, "page") or 1)
    state = state if state in STATE_TEXT else ""
    states = (state,) if state else ()
    found = outbox(visit.db, states=states, to=to, language=visit.language, offset=(at - 1) * PER_PAGE, limit=PER_PAGE + 1)

    def page(n: int) -> str:
        return address("/admin/outbox", state=state, to=to, page=n if n > 1 else "")

    settings = visit.context.settings
    view = OutboxView(
        lines=tuple(found[:PER_PAGE]),
        counts=counts(visit.db),
        states=STATE_TEXT,
        state=state,
        to=to,
        number=at,
        previous=page(at - 1) if at > 1 else "",
        next=page(at + 1) if len(found) > PER_PAGE else "",
        here=page(at),
        server=f"{settings.smtp_host}:{settings.smtp_port}" if settings.smtp_host else "",
        keeps=not mail_leaves(settings, simulated=visit.context.simulated),
        trial=tried,
        error=error,
    )
    return render(request, "outbox.html", status=error.http_status if error else 200, page=view)
