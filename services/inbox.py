"""Inboxes: a notice stands in the inbox of everybody who hears it within seconds of the act, whatever the hour and whoever wants mail.

Posting finds the same readers as mailing does. It happens on its own while mail waits for the morning; whatever is expanded without
having been posted (in a replay) is posted on the way. Safe to run twice and by two at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.instants import Now
from models import inbox as sql
from models import outbox
from models.database import Database
from notifications.relevance import family
from services.telling import Line, Teller

BATCH = 200


def post(db: Database, *, now: Now) -> int:
    """Post what waits, 200 notices a transaction; how many notices. Nothing is written where none waits."""
    count = 0
    while True:
        with db.read() as connection:
            if not sql.any_unposted(connection):
                return count
        with db.write() as connection:
            outbox.alone(connection)
            notices = sql.unposted(connection, BATCH)
            enter(connection, notices, Teller(connection, notices, now).tell().lines, now)
        count += len(notices)


def enter(connection: Connection, notices: Iterable[Any], lines: Iterable[Line], now: Now) -> None:
    """Post those of ``notices`` that are not yet; ``lines``: what of them is said to whom."""
    new = {notice["id"] for notice in notices if not notice["posted"]}
    sql.post(connection, [_row(line, now) for line in lines if line.notice["id"] in new], new)


def mark_read(db: Database, actor: Actor, *, now: Now, notice_ids: Sequence[int] | None = None) -> int:
    """The actor has read the notices ``notice_ids``, None for all; how many were unread. Others' entries are out of reach."""
    with db.write() as connection:
        return sql.mark_read(connection, actor.account_id, now.business, notice_ids)


def everybody_read(db: Database, *, now: Now) -> None:
    """Everybody has read everything: for replays, whose people leave nothing lying."""
    with db.write() as connection:
        sql.mark_all_read(connection, now.business)


def _row(line: Line, now: Now) -> dict[str, Any]:
    return {
        "account_id": line.hearer.person.id,
        "notice_id": line.notice["id"],
        "unit": line.hearer.unit,
        "stands_in": line.hearer.stands_in,
        "for_id": line.hearer.instead_of.id if line.hearer.instead_of else None,
        "step_ids": list(line.item.step_ids),
        "about": _about(line),
        "posted_at": now.business,
        "read_at": None,
    }


def _about(line: Line) -> str | None:
    of, steps = family(line.item.kind, proposed=line.item.proposed), line.item.step_ids
    return f"{of}:{steps[0]}" if of and len(steps) == 1 else None
