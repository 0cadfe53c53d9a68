"""Why did I get this, and why not: a message with its reasons and attempts; what became of a step's notices for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.access import Actor
from engine.definition import Text
from engine.errors import NotFound
from models.database import Database
from models.reading import message as sql
from notifications import words
from notifications.contexts import Item, from_json
from services.outbox import STATE_TEXT

OUTCOMES = {**STATE_TEXT, "retry": Text("Chưa được, thử lại sau", "Not now, later again")}
TOLD = {
    "passed-over": Text("có nhắc việc mới hơn", "a newer reminder spoke for it"),
    "muted": Text("bạn đã tắt thư loại này", "you have switched such mail off"),
    "deferred": Text("chờ thư gộp của ngày", "waits for the day's gathered mail"),
    "cancelled": Text("lý do không còn khi đến lượt", "its reason was gone by then"),
}
WAITS = Text("chưa đến giờ gửi", "it has not left yet")
NOT_CONCERNED = Text("lúc gửi, bạn không thuộc những người được báo", "when it left, you were not among those who hear it")
PASSED = Text("bậc nhắc sau đến cùng lúc", "a later rung was due as well")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a message says, with why and by which rung. ``title`` is "" where it is confidential."""

    place: str
    title: str
    path: str
    what: Text
    why: Text
    rung: Text


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery. ``at`` is system time."""

    at: datetime
    outcome: Text
    detail: str


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A message as it was made, its relations those of that moment."""

    id: int
    subject: str
    name: str
    address: str
    state: Text
    reason: Text
    business_at: datetime
    reasons: tuple[Reason, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """One notice about a step, and for one person: the message that carried it, or why none did."""

    at: datetime
    what: Text
    rung: Text
    message_id: int | None
    why: Text


def message_page(db: Database, viewer: Actor, message_id: int) -> MessagePage:
    """A message of one's own; any for the standing agency. Raises `NotFound` for all others."""
    own = None if "agency" in viewer.roles else viewer.account_id
    with db.read() as connection:
        row = sql.one(connection, message_id, own)
        if row is None:
            raise NotFound()
        attempts = sql.attempts(connection, message_id)
    return MessagePage(
        id=row["id"],
        subject=row["subject"],
        name=row["name"],
        address=row["address"],
        state=STATE_TEXT[row["state"]],
        reason=_words(row["reason"]),
        business_at=row["business_at"],
        reasons=tuple(_reason(item) for item in from_json(row["data"]).items),
        attempts=tuple(Attempt(a.at, OUTCOMES.get(a.outcome, Text(a.outcome, a.outcome)), a.detail) for a in attempts),
    )


def heard(db: Database, step_id: int, account_id: int) -> tuple[Heard, ...]:
    """What a person did and did not hear of a step, newest first. Whether the asker may know is for the caller to see to."""
    with db.read() as connection:
        return tuple(_heard(row) for row in sql.heard(connection, step_id, account_id))


def _heard(row: Any) -> Heard:
    rung = row.rung or ""
    said = words.TITLES.get(row.kind) or words.HEADLINES.get(row.kind) or Text(row.kind, row.kind)
    return Heard(row.business_at, said, _rung(rung), row.message_id, _why(row))


def _why(row: Any) -> Text:
    """What became of a notice for a person."""
    if row.message_id is not None:
        state, reason = STATE_TEXT[row.message_state], _words(row.message_reason)
        return Text(f"{state.vi}: {reason.vi}", f"{state.en}: {reason.en}") if reason.vi else state
    if row.told in TOLD:
        return TOLD[row.told]
    if row.state == "pending":
        return WAITS
    if row.state == "passed-over":
        return PASSED
    return _words(row.reason) if row.state == "cancelled" else NOT_CONCERNED


def _reason(item: Item) -> Reason:
    what, why = Text(words.headline(item, "vi"), words.headline(item, "en")), Text(words.why(item, "vi"), words.why(item, "en"))
    return Reason(item.place, item.title, item.path, what, why, _rung(item.rung))


def _rung(key: str) -> Text:
    return Text(words.rung_text(key, "vi"), words.rung_text(key, "en")) if key else Text("")


def _words(code: str) -> Text:
    return Text(words.reason_text(code, "vi"), words.reason_text(code, "en")) if code else Text("")
