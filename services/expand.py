"""Expanding: notices become messages for people, at the moment they may leave. Safe to run twice and by two at once.

Only then is it known who works where, whether the reason still holds, and which of several reminders is the newest. Reminders and news
are not expanded here but gathered once a day (`services.digest`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from engine.instants import Now
from models import outbox as sql
from models.database import Database
from notifications.audience import Person
from notifications.choices import NONE, way
from notifications.contexts import MessageContext
from notifications.hours import OfficeHours
from notifications.keys import message_id, message_key
from notifications.policy import DIGEST, IMMEDIATE, URGENT
from notifications.render import Site, subject_of
from services.inbox import enter
from services.telling import Line, Teller, Told

BATCH = 200
OTHERWISE = {DIGEST: "deferred", NONE: "muted"}


@dataclass
class ExpandResult:
    """Counts: ``notices`` dealt with, ``messages`` made, notices ``cancelled`` (no reason or no reader by now) and ``passed_over``."""

    notices: int = 0
    messages: int = 0
    cancelled: int = 0
    passed_over: int = 0


def expand(db: Database, *, now: Now, hours: OfficeHours, site: Site, limit: int = 100_000) -> ExpandResult:
    """Make the messages of every notice that may leave at ``now``: within office hours what is immediate, at any time what is urgent.

    One transaction per 200 notices.
    """
    result = ExpandResult()
    urgencies = (URGENT, IMMEDIATE) if hours.open_at(now.business) else (URGENT,)
    while result.notices < limit:
        with db.read() as connection:
            if not sql.any_pending(connection, urgencies):
                return result
        with db.write() as connection:
            sql.alone(connection)
            _expand_batch(connection, urgencies, now, site, result)
    return result


def _expand_batch(connection: Connection, urgencies: tuple[str, ...], now: Now, site: Site, result: ExpandResult) -> None:
    notices = sql.pending_notices(connection, urgencies, BATCH)
    if not notices:
        return
    told = Teller(connection, notices, now).tell()
    enter(connection, notices, told.lines, now)
    lines = [line for line in told.lines if way_of(line) == IMMEDIATE]
    rows = [message_row(line, now, site) for line in lines]
    made = sql.add_messages(connection, rows)
    sql.add_told(connection, [told_row(line, made.get(row["key"])) for line, row in zip(lines, rows, strict=True)])
    sql.add_told(connection, [unsent_row(line, OTHERWISE[way_of(line)]) for line in told.lines if way_of(line) != IMMEDIATE])
    close(connection, told)
    sql.close_notices(connection, (n["id"] for n in notices), "expanded")
    result.notices += len(notices)
    result.messages += len(made)
    result.cancelled += len(told.closed)
    result.passed_over += len(told.passed_over)


def close(connection: Connection, told: Told) -> None:
    """Record what will not be said: notices without a reader or a reason, and those for which a newer one speaks."""
    for reason in sorted(set(told.closed.values())):
        sql.close_notices(connection, (id_ for id_, why in told.closed.items() if why == reason), "cancelled", reason)
    sql.add_told(connection, [{"notice_id": n, "account_id": a, "message_id": None, "state": "passed-over"} for n, a in told.passed_over])
    said = {line.notice["id"] for line in told.lines}
    sql.close_notices(connection, {n for n, _ in told.passed_over} - said, "passed-over", "newer")


def way_of(line: Line) -> str:
    """How the person of ``line`` wants to hear it: immediate | digest | none."""
    return way(line.hearer.person.choices, line.notice["kind"], line.notice["urgency"])


def unsent_row(line: Line, state: str) -> dict[str, Any]:
    """That a notice is not mailed to a person now, by their own choice: deferred | muted."""
    return {"notice_id": line.notice["id"], "account_id": line.hearer.person.id, "message_id": None, "state": state}


def message_row(line: Line, now: Now, site: Site) -> dict[str, Any]:
    """The message of one notice for one person."""
    person, kind = line.hearer.person, line.notice["kind"]
    context = MessageContext(person.name, person.language, now.today, (line.item,))
    return row_of(message_key(line.notice["id"], person.id), kind, person, context, now, site, line.notice["urgency"])


def row_of(key: str, kind: str, person: Person, context: MessageContext, now: Now, site: Site, urgency: str) -> dict[str, Any]:
    """A message row. Someone without an address is skipped by mail, and that is recorded."""
    return {
        "key": key,
        "kind": kind,
        "account_id": person.id,
        "address": person.address,
        "channel": "mail",
        "language": person.language,
        "urgency": urgency,
        "message_id": message_id(key),
        "subject": subject_of(kind, context, site),
        "data": context.as_json(),
        "business_at": now.business,
        "created_at": now.system,
        "state": "pending" if person.address else "skipped",
        "reason": "" if person.address else "no-address",
        "next_try_at": now.system,
    }


def told_row(line: Line, message: int | None) -> dict[str, Any]:
    """That ``message`` carries a notice to a person."""
    return {"notice_id": line.notice["id"], "account_id": line.hearer.person.id, "message_id": message, "state": "carried"}
