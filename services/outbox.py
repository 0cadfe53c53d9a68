"""The outbox as people see it: what was sent to whom, in which state, why not; and sending once more by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.access import Actor
from engine.definition import Text
from engine.errors import NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from models import streams
from models.database import Database
from models.reading import outbox as reading
from notifications.contexts import from_json
from notifications.render import Rendered, Site, render
from notifications.words import reason_text
from services.journaling import entry
from services.working_days import OFFICE

STATE_TEXT: dict[str, Text] = {
    "pending": Text("Chờ gửi", "To be sent"),
    "sending": Text("Đang gửi", "Being sent"),
    "sent": Text("Đã gửi", "Sent"),
    "refused": Text("Bị từ chối", "Refused"),
    "ambiguous": Text("Không rõ đã đến", "Perhaps arrived"),
    "cancelled": Text("Đã hủy", "Cancelled"),
    "skipped": Text("Bỏ qua", "Skipped"),
}
BY_HAND = ("refused", "ambiguous")


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One message. ``reason`` is in words; ``message_id`` is the header that every attempt bears.

    ``left_out``: how many of the things that it was to say had become untrue by the time it left, or was cancelled.
    """

    id: int
    kind: str
    name: str
    address: str
    subject: str
    state: str
    reason: str
    attempts: int
    message_id: str
    business_at: datetime
    sent_at: datetime | None
    left_out: int


def outbox(
    db: Database, *, states: Sequence[str] = (), to: str = "", language: str = "vi", offset: int = 0, limit: int = 50
) -> list[OutboxLine]:  # fmt: skip
    """Messages, newest first; of ``states`` only, if any are named; ``to``: part of the reader's name or address."""
    with db.read() as connection:
        rows = reading.messages(connection, states, to, offset, limit)
    return [_line(row, language) for row in rows]


def counts(db: Database) -> dict[str, int]:
    """How many messages stand in each state, every state named."""
    with db.read() as connection:
        found = reading.by_state(connection)
    return {state: found.get(state, 0) for state in STATE_TEXT}


def shown(db: Database, message_id: int, site: Site) -> Rendered:
    """A message as it reads. Raises NotFound."""
    with db.read() as connection:
        row = reading.message_by_id(connection, message_id)
    if row is None:
        raise NotFound()
    return render(row["kind"], from_json(row["data"]), site)


def resend(db: Database, message_id: int, *, actor: Actor, now: Now) -> None:
    """Send a refused or ambiguous message once more, under its own Message-ID; that is journaled. Raises NotFound, Refused."""
    with db.write() as connection:
        seq, head = streams.lock(connection, OFFICE)
        row = reading.message_by_id(connection, message_id)
        if row is None:
            raise NotFound()
        if not reading.send_again(connection, message_id, BY_HAND, now.system):
            state = STATE_TEXT[row["state"]]
            raise Refused(
                Text(f"Thư đang ở trạng thái “{state.vi}”.", f"The message is “{state.en}”."),
                code="state",
                hint=Text("Chỉ gửi lại thư bị từ chối hoặc không rõ đã đến.", "Only a refused or uncertain one can be sent again."),
            )
        fact = Fact("message.resent", {"message": message_id, "key": row["key"], "account": row["account_id"], "was": row["state"]})
        streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="resend", facts=(fact,), now=now))


def _line(row: Any, language: str) -> OutboxLine:
    reason = reason_text(row["reason"], language) if row["reason"] else ""
    return OutboxLine(
        row["id"], row["kind"], row["name"], row["address"], row["subject"], row["state"], reason, row["attempts"], row["message_id"],
        row["business_at"], row["sent_at"], row["left_out"],
    )  # fmt: skip
