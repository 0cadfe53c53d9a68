"""The demonstration's mailbox: every mail that left, as the people it was for would read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from engine.access import Policy
from engine.errors import NotFound
from notifications.mailbox import Header, Mail, Mailbox
from web.policy import allow, pages
from web.render import render
from web.visit import Visit, visit_of
from wiring.mail import mailbox_folder

router = pages()

PER_PAGE = 50
# A mail is somebody else's HTML: no script runs, nothing is fetched, it is shown in a frame of our own page only.
MAIL_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    )
)


@dataclass(frozen=True, slots=True)
class MailboxPage:
    """One page of headers, newest first; ``to`` narrows to a recipient."""

    mails: list[Header]
    total: int
    to: str
    number: int
    more: bool


@router.get("/mailbox")
@allow(Policy.DEMONSTRATION)
def index(request: Request) -> Response:
    """The mails, newest first."""
    mailbox = mailbox_of(visit_of(request))
    to = request.query_params.get("to", "").strip()
    given = request.query_params.get("page", "1")
    number = max(1, int(given)) if given.isdecimal() and len(given) < 7 else 1
    mails = mailbox.page(offset=(number - 1) * PER_PAGE, limit=PER_PAGE + 1, to=to)
    page = MailboxPage(mails[:PER_PAGE], mailbox.count(), to, number, len(mails) > PER_PAGE)
    return render(request, "mailbox.html", page=page)


@router.get("/mailbox/{mail_id}")
@allow(Policy.DEMONSTRATION)
def letter(request: Request, mail_id: str) -> Response:
    """One mail: its header, then what it looks like."""
    return render(request, "letter.html", page=read(visit_of(request), mail_id))


@router.get("/mailbox/{mail_id}/html")
@allow(Policy.DEMONSTRATION)
def body(request: Request, mail_id: str) -> Response:
    """The mail's own HTML, for the frame; its links open beside it."""
    html = f'<base target="_blank">{read(visit_of(request), mail_id).html}'
    return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def read(visit: Visit, mail_id: str) -> Mail:
    """The mail ``mail_id``. Raises `NotFound`."""
    try:
        return mailbox_of(visit).read(mail_id)
    except KeyError:
        raise NotFound(mail_id) from None


def mailbox_of(visit: Visit) -> Mailbox:
    """The process's mailbox: headers are read once."""
    return _mailbox(mailbox_folder(visit.context.settings))


@lru_cache(maxsize=2)
def _mailbox(folder: Path) -> Mailbox:
    return Mailbox(folder)
