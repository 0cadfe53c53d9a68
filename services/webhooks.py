"""Webhooks as those who answer for the office see them: added with a secret that is shown once, tried, removed, each journaled."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from engine.access import Actor
from engine.definition import Text
from engine.errors import InvalidFields, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from models import hooking as sql
from models import streams
from models.database import Database
from notifications.channels.transport import Outcome
from notifications.channels.web import Web
from notifications.signing import headers, secret_of
from notifications.webhook_events import TRIAL, Happening, body_of, cloud_event
from notifications.webhook_kinds import EVENTS, of_groups, unknown_groups
from notifications.words import reason_text
from services.journaling import entry
from services.outbox import BY_HAND, STATE_TEXT
from services.webhook_events import collect
from services.working_days import OFFICE

LONGEST_NAME = 80
MOST = 20  # webhooks: each costs deliveries


@dataclass(frozen=True, slots=True)
class Added:
    """A new webhook. ``secret`` can be read this once."""

    id: int
    name: str
    secret: str


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """One webhook. ``url`` without its query, where a password may stand. ``counts``: its messages by state.

    ``trouble``: what went wrong last, "" if nothing; ``rests_until``: until when it is left alone for that.
    """

    id: int
    name: str
    url: str
    kinds: tuple[str, ...]
    created_at: datetime
    counts: dict[str, int]
    trouble: str
    rests_until: datetime | None


@dataclass(frozen=True, slots=True)
class WebhookMessageLine:
    """One event for one webhook. ``reason`` is in words."""

    id: int
    webhook: str
    kind: str
    event: str
    subject: str
    state: str
    reason: str
    attempts: int
    at: datetime
    sent_at: datetime | None


def add(
    db: Database, *, name: str, url: str, kinds: Collection[str], groups: Collection[str] = (), actor: Actor, now: Now, web: Web,
    master: str,
) -> Added:  # fmt: skip
    """A webhook that hears from now on of ``kinds``, and of what ``groups`` hold today. Raises `InvalidFields` with all that is wrong."""
    name, url = unicodedata.normalize("NFC", name.strip()), url.strip()
    problems = _name_problem(name) | _kinds_problem(kinds, groups)
    kinds = _chosen(kinds, groups)
    wrong = web.wrong_with(url)
    problems |= {"url": wrong} if wrong else {}
    salt = secrets.token_hex(16)
    row = {"name": name, "url": url, "kinds": kinds, "salt": salt, "account_id": actor.account_id, "created_at": now.system}
    with db.write() as connection:
        seq, head = streams.lock(connection, OFFICE)
        others = sql.active(connection)
        if any(other["name"].casefold() == name.casefold() for other in others):
            problems.setdefault("name", Text("Đã có webhook tên này.", "There is a webhook of this name."))
        if len(others) >= MOST:
            problems.setdefault("name", Text(f"Tối đa {MOST} webhook.", f"At most {MOST} webhooks."))
        if problems:
            raise InvalidFields({field: problems[field] for field in ("name", "url", "kinds") if field in problems})
        if not others:
            sql.begin(connection)
        id_ = sql.add(connection, row)
        fact = Fact("webhook.added", {"webhook": id_, "host": urlsplit(url).hostname or "", "kinds": kinds})
        streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="add-webhook", facts=(fact,), now=now))
    return Added(id_, name, secret_of(master, salt))


def choose(
    db: Database, webhook_id: int, *, kinds: Collection[str], groups: Collection[str] = (), actor: Actor, now: Now, source: str
) -> None:  # fmt: skip
    """It hears from now on of ``kinds`` and of what ``groups`` hold, and of nothing else; its address and secret stay.

    What has happened until now is told by the choice before, so it is collected first; ``source``: as of `collect`.
    Raises NotFound; `InvalidFields` for kinds and groups that there are not, and where none is chosen.
    """
    with db.read() as connection:
        _known(connection, webhook_id)
    if problems := _kinds_problem(kinds, groups):
        raise InvalidFields(problems)
    kinds = _chosen(kinds, groups)
    collect(db, now=now, source=source)
    with db.write() as connection:
        seq, head = streams.lock(connection, OFFICE)
        if sorted(_known(connection, webhook_id)["kinds"]) == kinds:
            return
        sql.choose(connection, webhook_id, kinds)
        fact = Fact("webhook.events-chosen", {"webhook": webhook_id, "kinds": kinds})
        streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="choose-webhook-events", facts=(fact,), now=now))


def remove(db: Database, webhook_id: int, *, actor: Actor, now: Now) -> None:
    """It hears nothing any more, and its secret is worth nothing. Raises NotFound."""
    with db.write() as connection:
        seq, head = streams.lock(connection, OFFICE)
        _known(connection, webhook_id)
        sql.remove(connection, webhook_id, now.system)
        fact = Fact("webhook.removed", {"webhook": webhook_id})
        streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="remove-webhook", facts=(fact,), now=now))


def webhooks(db: Database) -> list[WebhookLine]:
    """Every webhook, oldest first."""
    with db.read() as connection:
        rows, counted = sql.active(connection), sql.counts(connection)
    return [_line(row, {state: counted.get((row["id"], state), 0) for state in STATE_TEXT}) for row in rows]


def messages(
    db: Database, *, states: Sequence[str] = (), language: str = "vi", offset: int = 0, limit: int = 50
) -> list[WebhookMessageLine]:
    """What was or is to be told, newest first."""
    with db.read() as connection:
        rows = sql.messages(connection, states, offset, limit)
    return [_message(row, language) for row in rows]


def try_it(db: Database, webhook_id: int, *, now: Now, web: Web, master: str, source: str) -> Outcome:
    """Send one event of the kind "dondoc.trial" now, signed like all others. Raises NotFound."""
    with db.read() as connection:
        row = _known(connection, webhook_id)
    number = int(now.system.timestamp())
    body = body_of(cloud_event(Happening(TRIAL, f"webhook:{webhook_id}", number, 0, now.business, {}), source))
    key = f"trial:{webhook_id}:{secrets.token_hex(8)}"
    return web.post(row["url"], body, headers(secret_of(master, row["salt"]), key, now.system, body))


def resend(db: Database, message_id: int, *, actor: Actor, now: Now) -> None:
    """Send a refused or uncertain event once more, under its own id. Raises Refused."""
    with db.write() as connection:
        seq, head = streams.lock(connection, OFFICE)
        row = sql.send_by_hand(connection, message_id, BY_HAND, now.system)
        if row is None:
            raise Refused(
                Text("Sự kiện này không gửi lại được.", "This event cannot be sent again."),
                code="state",
                hint=Text("Chỉ gửi lại sự kiện bị từ chối hoặc không rõ đã đến.", "Only a refused or uncertain one can be."),
            )
        sql.rest(connection, row["webhook_id"], 0, "", None)
        fact = Fact("message.resent", {"event": message_id, "webhook": row["webhook_id"]})
        streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="resend", facts=(fact,), now=now))


def _known(connection: Connection, webhook_id: int) -> Any:
    row = sql.one(connection, webhook_id)
    if row is None:
        raise NotFound()
    return row


def _chosen(kinds: Collection[str], groups: Collection[str]) -> list[str]:
    return sorted({*kinds, *of_groups(groups)})


def _name_problem(name: str) -> dict[str, Text]:
    if not name:
        return {"name": Text("Ghi tên để nhận ra webhook này.", "Give a name to know it by.")}
    if len(name) > LONGEST_NAME:
        return {"name": Text(f"Tên dài quá {LONGEST_NAME} ký tự.", f"The name is longer than {LONGEST_NAME} characters.")}
    if any(unicodedata.category(c) == "Cc" for c in name):
        return {"name": Text("Tên có ký tự điều khiển.", "There is a control character in the name.")}
    return {}


def _kinds_problem(kinds: Collection[str], groups: Collection[str]) -> dict[str, Text]:
    if unknown := sorted(set(kinds) - EVENTS.keys()):
        return {"kinds": Text(f"Không có loại sự kiện {unknown[0]}.", f"There is no kind of event {unknown[0]}.")}
    if strange := unknown_groups(groups):
        return {"kinds": Text(f"Không có nhóm sự kiện {strange[0]}.", f"There is no group of events {strange[0]}.")}
    if not kinds and not groups:
        return {"kinds": Text("Chọn ít nhất một loại sự kiện.", "Choose at least one kind of event.")}
    return {}


def _line(row: Any, counts: dict[str, int]) -> WebhookLine:
    address, query, _ = row["url"].partition("?")
    shown = f"{address}?…" if query else address
    return WebhookLine(row["id"], row["name"], shown, tuple(row["kinds"]), row["created_at"], counts, row["trouble"], row["rests_until"])


def _message(row: Any, language: str) -> WebhookMessageLine:
    reason = reason_text(row["reason"], language) if row["reason"] else ""
    return WebhookMessageLine(
        row["id"], row["name"], row["kind"], row["data"]["id"], row["data"]["subject"], row["state"], reason, row["attempts"],
        row["business_at"], row["sent_at"],
    )  # fmt: skip
