"""Lists of keys in pieces that one statement takes: SQLite and PostgreSQL allow a statement a limited number of parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

MOST = 500  # a statement may name them twice and stays far below what either database allows

Key = TypeVar("Key", int, str, tuple[str, int], tuple[int, str, int])


def chunks(keys: Iterable[Key], most: int = MOST) -> Iterator[list[Key]]:
    """``keys``, each once and in their order, in lists of at most ``most``; none where there are no keys."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), most):
        yield ordered[start : start + most]
