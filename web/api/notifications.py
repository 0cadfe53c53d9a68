"""The inbox over the API: read it, count what is unread, mark as read. Always one's own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from engine.access import Policy
from services.inbox import mark_read, post
from services.queries.inbox import InboxLine, inbox_page, unread_count
from web.api.models import Number, Words, problems
from web.policy import allow, api
from web.visit import visit_of

router = api()


class NoticeInList(BaseModel):
    """One notice. ``gone``: why it asks for nothing any more, null while it holds. ``path``: the page that it is about."""

    id: int
    kind: str
    heading: Words
    place: Words
    title: Words
    unit: Words
    why: Words
    gone: Words | None
    note: str
    by: str
    due_on: date | None
    until: date | None
    count: int
    path: str
    at: datetime
    read: bool

    @classmethod
    def of(cls, line: InboxLine) -> NoticeInList:
        """A line of the page as the API gives it."""
        plain = {name: getattr(line, name) for name in ("kind", "note", "by", "due_on", "until", "count", "path", "at", "read")}
        both = {name: Words.of(getattr(line, name)) for name in ("heading", "place", "title", "unit", "why")}
        return cls(id=line.notice_id, gone=Words.of(line.gone) if line.gone.vi else None, **plain, **both)


class InboxAnswer(BaseModel):
    """One page of the inbox, newest first. ``unread`` and ``total`` count the whole inbox."""

    unread: int
    total: int
    page: int
    pages: int
    notices: list[NoticeInList]


class UnreadAnswer(BaseModel):
    """How many notices are unread."""

    unread: int


class ReadRequest(BaseModel):
    """Which notices were read; without ``ids`` all of them."""

    model_config = ConfigDict(extra="forbid")
    ids: list[Number] | None = Field(None, max_length=200)


@router.get("/notifications", tags=["notifications"], responses=problems(422))
@allow(Policy.SIGNED_IN)
def read_inbox(request: Request, unread: bool = False, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1) -> InboxAnswer:
    """One's own notices, mailed or not."""
    visit = visit_of(request)
    post(visit.db, now=visit.now)
    found = inbox_page(visit.db, visit.actor, visit.now, unread_only=unread, number=page)
    notices = [NoticeInList.of(line) for line in found.lines]
    return InboxAnswer(unread=found.unread, total=found.total, page=found.number, pages=found.pages, notices=notices)


@router.get("/notifications/unread", tags=["notifications"], responses=problems())
@allow(Policy.SIGNED_IN)
def read_unread(request: Request) -> UnreadAnswer:
    """How many of one's own notices are unread."""
    visit = visit_of(request)
    post(visit.db, now=visit.now)
    return UnreadAnswer(unread=unread_count(visit.db, visit.actor))


@router.post("/notifications/read", tags=["notifications"], responses=problems(403, 422))
@allow(Policy.SIGNED_IN)
def read_notices(request: Request, body: ReadRequest) -> UnreadAnswer:
    """Mark notices as read; numbers that are not one's own change nothing. How many are unread then."""
    visit = visit_of(request)
    mark_read(visit.db, visit.actor, now=visit.now, notice_ids=body.ids)
    return UnreadAnswer(unread=unread_count(visit.db, visit.actor))
