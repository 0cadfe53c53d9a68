"""Signatures of webhooks, as the Standard Webhooks describe them: whoever holds the secret can tell that an event is ours and whole.

A secret is not stored: it is worked out from the installation's own key and a number that belongs to the webhook alone. So no copy of the
database gives it away, and it can be shown once and used for ever.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import datetime

from notifications.keys import digest_of

SECRET_PREFIX = "whsec_"  # noqa: S105  (what every secret begins with)
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def secret_of(master: str, salt: str) -> str:
    """The secret of the webhook with ``salt``, as its reader enters it."""
    made = hmac.new(master.encode(), f"webhook:{salt}".encode(), hashlib.sha256).digest()
    return SECRET_PREFIX + b64encode(made).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over "id.timestamp.body"."""
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secret: str, key: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of one attempt at the system time ``at``. The id is the same for every attempt at the message ``key``."""
    message_id, timestamp = f"msg_{digest_of(key)}", int(at.timestamp())
    return {
        "Content-Type": CONTENT_TYPE,
        "User-Agent": "dondoc-webhook/1",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": signature(secret, message_id, timestamp, body),
    }
