"""Secrets in the links of mails: the outbox keeps half of a token, the other half is made from the office's key when the mail leaves.

So neither the database nor a page of the outbox holds what opens an account.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

SEALED = frozenset({"password-reset", "invited"})


def sealed(half: str, seal: str) -> str:
    """The whole token of its first ``half``, by the office's key ``seal``."""
    return f"{half}.{hmac.new(seal.encode(), f'password-link:{half}'.encode(), sha256).hexdigest()[:43]}"


def sealed_path(kind: str, path: str, seal: str) -> str:
    """Where the link of a message of ``kind`` leads; without the key it stays half."""
    if kind not in SEALED or not seal:
        return path
    stem, _, half = path.rpartition("/")
    return f"{stem}/{sealed(half, seal)}"
