"""How much may be sent within a minute: a bucket that fills steadily and holds a minute's worth.

So a burst passes, a flood does not, and who is refused knows when to come again.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

MINUTE = 60.0


@dataclass(slots=True)
class Bucket:
    """``left``: how many requests still pass at the instant ``at`` (seconds of any steady clock)."""

    left: float
    at: float


def take(bucket: Bucket, now: float, per_minute: int) -> int:
    """Take one request out of ``bucket`` at ``now``. Gives 0, or how many seconds to wait where it is empty; then nothing is taken."""
    bucket.left = min(float(per_minute), bucket.left + (now - bucket.at) * per_minute / MINUTE)
    bucket.at = now
    if bucket.left < 1:
        return max(1, ceil((1 - bucket.left) * MINUTE / per_minute))
    bucket.left -= 1
    return 0


def full(per_minute: int, now: float) -> Bucket:
    """A bucket from which nothing was taken yet."""
    return Bucket(float(per_minute), now)
