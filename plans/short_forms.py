"""What may be written short in a pack, written out: a title without English, a predecessor or a successor that is a plain code."""

from __future__ import annotations

from typing import Any


def long_text(value: Any) -> Any:
    """``Kế hoạch`` is ``{vi: Kế hoạch}``."""
    return value if isinstance(value, dict) else {"vi": value}


def long_predecessor(value: Any) -> Any:
    """``ke-hoach`` is ``{step: ke-hoach}``."""
    return value if isinstance(value, dict) else {"step": value}


def long_shares(value: Any) -> Any:
    """``khu-vuc`` is ``[{unit: khu-vuc}]``."""
    return [each if isinstance(each, dict) else {"unit": each} for each in (value if isinstance(value, list) else [value])]


def none_is_empty(value: Any) -> Any:
    """``none`` is an empty list: nobody confirms, nobody is reminded."""
    return [] if value == "none" else value
