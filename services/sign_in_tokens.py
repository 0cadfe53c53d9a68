"""Tokens: random, given once, kept only as their hash."""

from __future__ import annotations

from hashlib import sha256


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()
