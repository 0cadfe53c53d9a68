"""Composing journal entries: the one place where a body is made and chained."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from engine.access import Actor
from engine.facts import Fact
from engine.instants import Now
from engine.journal import entry_hash, text_hash


def entry(
    stream: str,
    seq: int,
    previous: str,
    *,
    actor: Actor,
    action: str,
    facts: Sequence[Fact],
    now: Now,
    step_id: int | None = None,
    after: dict[str, Any] | None = None,
    text: str = "",
    key: str | None = None,
    request_hash: str | None = None,
) -> dict[str, Any]:
    """The row of the entry that follows ``previous`` (its hash) as number ``seq`` of ``stream``.

    ``after``: the status and version that the step has now; it is what a repeated request gets back.
    """
    salt = secrets.token_hex(8) if text else None
    body: dict[str, Any] = {
        "stream": stream,
        "seq": seq,
        "action": action,
        "account": actor.account_id,
        "at": now.business.isoformat(),
        "system_at": now.system.isoformat(),
        "facts": [fact.as_json() for fact in facts],
    }
    if actor.represented_id is not None:
        body["for"] = actor.represented_id
    if actor.token_id is not None:
        body["token"] = actor.token_id
    if step_id is not None:
        body["step"] = step_id
    if after:
        body["after"] = after
    if salt:
        body["text"] = text_hash(salt, text)
    return {
        "stream": stream,
        "seq": seq,
        "account_id": actor.account_id,
        "represented_id": actor.represented_id,
        "action": action,
        "step_id": step_id,
        "at": now.business,
        "body": body,
        "hash": entry_hash(previous, body),
        "text": text or None,
        "salt": salt,
        "idem_key": key,
        "idem_hash": request_hash,
    }


def stream_of(workflow_id: int) -> str:
    """The name of a workflow's stream."""
    return f"workflow:{workflow_id}"
