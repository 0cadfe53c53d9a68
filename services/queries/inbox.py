"""An account's inbox as a page shows it: what each notice says, read from the notice and its steps as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.access import Actor
from engine.definition import Text
from engine.instants import Now
from models.database import Database
from models.reading import inbox as sql
from notifications import words
from notifications.audience import Absent, Hearer, Person
from notifications.contexts import Item
from notifications.relevance import gone
from services.telling import Teller, cause_of

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One notice. ``title``, ``note`` and ``by`` are empty where the workflow is confidential. ``tone``: late | soon | plain.

    ``gone``: why it asks for nothing any more ("" while it holds). ``count``: the steps of a fan-out that it is about.
    """

    notice_id: int
    kind: str
    heading: Text
    place: Text
    title: Text
    unit: Text
    why: Text
    gone: Text
    note: str
    by: str
    due_on: date | None
    until: date | None
    count: int
    path: str
    tone: str
    at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Page ``number`` of ``pages``, newest first. ``unread`` and ``total`` count the whole inbox."""

    lines: tuple[InboxLine, ...]
    unread: int
    total: int
    unread_only: bool
    number: int
    pages: int


def unread_count(db: Database, viewer: Actor) -> int:
    """How many notices ``viewer`` has not read: one look at a small index."""
    with db.read() as connection:
        return sql.unread(connection, viewer)


def inbox_page(db: Database, viewer: Actor, now: Now, *, unread_only: bool = False, number: int = 1) -> InboxPage:
    """The inbox of ``viewer``; a number past the end is the last page."""
    with db.read() as connection:
        unread, total = sql.unread(connection, viewer), sql.total(connection, viewer)
        pages = max(1, -(-(unread if unread_only else total) // PER_PAGE))
        number = min(max(1, number), pages)
        rows = sql.entries(connection, viewer, unread_only=unread_only, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
        teller = Teller(connection, rows, now)
        lines = tuple(_line(teller, row, steps, viewer) for row in rows if (steps := _steps(teller, row)))
    return InboxPage(lines, unread, total, unread_only, number, pages)


def _steps(teller: Teller, row: Any) -> list[Any]:
    own = set(row["entry_step_ids"])
    return [step for step in teller.steps.get(row["id"], []) if step["id"] in own]


def _line(teller: Teller, row: Any, steps: list[Any], viewer: Actor) -> InboxLine:
    vi, en = (_said(teller, row, steps, viewer, language) for language in ("vi", "en"))
    reasons = [gone(cause_of(row, step), step) for step in steps]
    reason = "" if "" in reasons else reasons[0]
    return InboxLine(
        notice_id=row["id"],
        kind=row["kind"],
        heading=words.heading(vi.kind, proposed=vi.proposed),
        place=Text(vi.place, en.place),
        title=Text(vi.title, en.title),
        unit=Text(vi.unit, en.unit),
        why=Text(words.why(vi, "vi"), words.why(en, "en")),
        gone=Text(words.reason_text(reason, "vi"), words.reason_text(reason, "en")) if reason else Text(""),
        note=vi.note,
        by=vi.by,
        due_on=vi.due_on,
        until=vi.until,
        count=vi.count,
        path=vi.path,
        tone="plain" if reason else words.tone(vi),
        at=row["business_at"],
        read=row["entry_read_at"] is not None,
    )


def _said(teller: Teller, row: Any, steps: list[Any], viewer: Actor, language: str) -> Item:
    reader = Person(viewer.account_id, viewer.name, "", language)
    absent = Absent(row["entry_for_id"], row["entry_for"] or "") if row["entry_for_id"] is not None else None
    return teller.say(row, Hearer(reader, row["entry_unit"], row["entry_stands_in"], absent), steps)
