"""What stands in an address after the question mark. A value that makes no sense counts as none: a link may be old or mistyped."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request


def number(request: Request, name: str) -> int | None:
    """The whole number ``name``; None if absent or none."""
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def word(request: Request, name: str) -> str:
    """The text ``name`` without blanks around it; "" if absent."""
    return request.query_params.get(name, "").strip()[:100]


def address(path: str, **values: object) -> str:
    """``path`` with the values that are neither None nor empty."""
    kept = {name: str(value) for name, value in values.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path
