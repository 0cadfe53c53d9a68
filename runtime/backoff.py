"""How long to wait after the n-th failure in a row."""

from __future__ import annotations

LONGEST_S = 30.0


def delay(failures: int, *, first: float = 1.0, longest: float = LONGEST_S) -> float:
    """Seconds before the next try: ``first`` doubled with each failure beyond one, never above ``longest``; 0 without failure."""
    if failures <= 0:
        return 0.0
    return float(min(longest, first * 2 ** min(failures - 1, 16)))
