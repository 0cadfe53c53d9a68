"""One claimed message on its way: looked at once more, written, handed over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import TemplateError
from sqlalchemy import Connection

from models import deliveries as sql
from notifications.channels.envelope import Recipient, Unsendable, envelope
from notifications.channels.transport import Outcome, Result, Session
from notifications.contexts import MessageContext, from_json
from notifications.render import Site, render, subject_of
from services.password_mail import links_that_are_over
from services.recheck import steps_of, why_gone


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed message whose reason still holds. ``data`` is its context as stored, without what was gone."""

    id: int
    kind: str
    message_id: str
    to: Recipient
    context: MessageContext
    data: dict[str, Any]
    subject: str
    attempts: int


def prepare(connection: Connection, rows: Sequence[Any], site: Site, at: datetime) -> tuple[list[Letter], int]:
    """Letters from claimed rows. Those whose reader left or of which nothing holds any more at ``at`` (system time) are cancelled here; how
    many."""
    over = links_that_are_over(connection, [row["key"] for row in rows], at)
    contexts = {row["id"]: from_json(row["data"]) for row in rows}
    steps = steps_of(connection, (item for context in contexts.values() for item in context.items))
    letters: list[Letter] = []
    for row in rows:
        context = contexts[row["id"]]
        reasons = {item.notice_id: _gone(row, over) or why_gone(item, steps) for item in context.items}
        kept = tuple(item for item in context.items if not reasons[item.notice_id])
        gone = [notice for notice, reason in reasons.items() if reason]
        if gone:
            sql.drop_told(connection, row["id"], gone, "cancelled")
        if not kept:
            sql.cancel_claimed(connection, [row["id"]], reasons[gone[0]])
            continue
        context = context.only(kept)
        letters.append(_letter(row, context, subject_of(row["kind"], context, site) if gone else row["subject"]))
    return letters, len(rows) - len(letters)


def write(letter: Letter, session: Session, *, at: datetime, site: Site) -> Outcome:
    """Write ``letter`` and hand it over. What cannot be written is refused, so that it never stands in the way of the others."""
    try:
        content = render(letter.kind, letter.context, site)
        mail = envelope(content, letter.to, message_id=letter.message_id, at=at, site=site)
    except (Unsendable, TemplateError, LookupError, TypeError, ValueError) as trouble:
        return Outcome(Result.REFUSED, None, f"{type(trouble).__name__}: {trouble}"[:300])
    return session.send(mail, letter.to.address)


def _gone(row: Any, over: Collection[str]) -> str:
    """Why a whole message need not be said any more; "" while it does."""
    if not row["works"]:
        return "left"
    return "link-over" if row["key"] in over else ""


def _letter(row: Any, context: MessageContext, subject: str) -> Letter:
    to = Recipient(row["name"], row["address"], row["language"])
    return Letter(row["id"], row["kind"], row["message_id"], to, context, context.as_json(), subject, row["attempts"])
