"""Addresses that come from outside, made safe to send a browser to."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit


def own_path(given: str, otherwise: str = "/") -> str:
    """``given`` if it is a path of this site, else ``otherwise``: nobody can make us send a person elsewhere."""
    foreign = not given.startswith("/") or given.startswith(("//", "/\\")) or not given.isprintable()
    return otherwise if foreign else given


def with_note(path: str, code: str) -> str:
    """``path`` asking for the note ``code`` instead of any it asked for before."""
    parts = urlsplit(path)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "did"]
    return f"{parts.path}?{urlencode([*query, ('did', code)])}"


def with_next(path: str, to: str) -> str:
    """``path`` that goes on to ``to`` afterwards."""
    return path if to == "/" else f"{path}?{urlencode({'next': to})}"
