"""Names under which a notice or a message exists at most once.

They are built from ids, numbers and ISO dates, never from text that is translated or edited: the same cause gives the same key in any
process, any language and after any restart, and the database's unique index does the rest.
"""

from __future__ import annotations

import hashlib
from datetime import date

DOMAIN = "dondoc.local"


def fact_key(stream: str, seq: int, n: int, kind: str) -> str:
    """Key of the notice ``kind`` that fact number ``n`` of the journal entry (``stream``, ``seq``) makes."""
    return f"{stream}:{seq}:{n}:{kind}"


def rung_key(step_id: int, rung: str, due_version: int) -> str:
    """Key of a rung of a ladder: a new due date (``due_version``) starts the ladder anew. ``rung`` is `engine.ladder.Due.key`."""
    return f"step:{step_id}:{rung}:{due_version}"


def message_key(notice_id: int, account_id: int) -> str:
    """Key of one notice's message to one person."""
    return f"{notice_id}:{account_id}"


def digest_key(account_id: int, day: date) -> str:
    """Key of the one gathered mail that a person gets on the local ``day``."""
    return f"digest:{account_id}:{day.isoformat()}"


def brief_key(account_id: int, day: date) -> str:
    """Key of the morning brief that a person gets on the local ``day``."""
    return f"brief:{account_id}:{day.isoformat()}"


def message_id(key: str) -> str:
    """The Message-ID header of the message ``key``: equal for every attempt, so that a resent mail is recognised as the same."""
    return f"<{digest_of(key)}@{DOMAIN}>"


def webhook_key(webhook_id: int, stream: str, seq: int, n: int) -> str:
    """Key of what one webhook is told about fact number ``n`` of the journal entry (``stream``, ``seq``)."""
    return f"webhook:{webhook_id}:{stream}:{seq}:{n}"


def digest_of(key: str) -> str:
    """32 letters and digits that stand for ``key`` outside."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
