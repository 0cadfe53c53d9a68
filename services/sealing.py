"""Secrets that must be read again, kept so that a copy of the database alone does not tell them."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.definition import Text
from engine.errors import Unavailable

NONCE = 12  # bytes, as AES-GCM wants them


def seal(master: str, text: str, *, place: str) -> str:
    """``text`` under the installation's key, bound to ``place`` (whose it is and what for): moved elsewhere it does not open."""
    nonce = secrets.token_bytes(NONCE)
    return urlsafe_b64encode(nonce + AESGCM(_key(master, b"seal")).encrypt(nonce, text.encode(), place.encode())).decode()


def unseal(master: str, sealed: str, *, place: str) -> str:
    """What was sealed. Raises `Unavailable` under another key or at another place."""
    raw = urlsafe_b64decode(sealed)
    try:
        return AESGCM(_key(master, b"seal")).decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
    except InvalidTag:
        raise Unavailable(
            Text(
                "Khóa của hệ thống đã đổi, không đọc được mã bí mật này.", "The installation's key has changed; this secret cannot be read."
            ),
            code="sealed",
            hint=Text("Quản trị hệ thống khôi phục khóa (tệp secret-key).", "An administrator restores the key (the file secret-key)."),
        ) from None


def keyed_hash(master: str, text: str) -> str:
    """A hash of something short that people type: without the installation's key it cannot be guessed at."""
    return hmac.new(_key(master, b"hash"), text.encode(), sha256).hexdigest()


def _key(master: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"dondoc " + purpose).derive(master.encode())
