"""The inbox: everything an account was told, mailed or not, and marking it as read."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from engine.access import Policy
from services.inbox import mark_read, post
from services.queries.inbox import InboxPage, inbox_page
from web.addresses import own_path, with_note
from web.forms import read_form, texts
from web.policy import allow, pages
from web.query import address, number, word
from web.render import render
from web.visit import visit_of

router = pages()
PATH = "/notifications"


@dataclass(frozen=True, slots=True)
class InboxView:
    """``previous`` and ``next``: the neighbouring pages' addresses, "" at the ends."""

    inbox: InboxPage
    previous: str
    next: str


@router.get(PATH)
@allow(Policy.SIGNED_IN)
def show(request: Request) -> Response:
    """The notices, newest first; ``?show=unread``, ``?page=``. Posts what waits first, so that nothing depends on another process."""
    visit = visit_of(request)
    post(visit.db, now=visit.now)
    page = inbox_page(visit.db, visit.actor, visit.now, unread_only=word(request, "show") == "unread", number=number(request, "page") or 1)
    return render(request, "notifications.html", page=InboxView(page, link(page, -1), link(page, 1)))


@router.post(f"{PATH}/read")
@allow(Policy.SIGNED_IN)
def read_all(request: Request) -> Response:
    """Mark everything as read."""
    visit = visit_of(request)
    mark_read(visit.db, visit.actor, now=visit.now)
    return RedirectResponse(with_note(PATH, "read-all"), 303)


@router.post(f"{PATH}/{{notice_id}}/read")
@allow(Policy.SIGNED_IN)
async def read_one(request: Request, notice_id: int) -> Response:
    """Mark one notice as read and come back to the list."""
    form, visit = texts(await read_form(request)), visit_of(request)
    await run_in_threadpool(mark_read, visit.db, visit.actor, now=visit.now, notice_ids=[notice_id])
    return RedirectResponse(own_path(form.get("next", PATH), PATH), 303)


def link(page: InboxPage, further: int) -> str:
    """The address of the page ``further`` on, "" where there is none."""
    there = page.number + further
    return address(PATH, show="unread" if page.unread_only else "", page=there) if 1 <= there <= page.pages else ""
