"""Requests that change something are counted by account, before sign-in by address, and told to wait where they flood.

Counted in each web process by itself and in memory: the limit keeps the service answering, it guards no secret (passwords have their own,
kept in the database: `services.throttle`).
"""

from __future__ import annotations

import time
from collections import OrderedDict

from engine.errors import TooFast
from engine.rates import Bucket, full, take

MOST = 10_000  # senders that are remembered; the one longest silent is forgotten, which at worst gives it a full bucket


class Rates:
    """``per_minute``: how many changing requests of one sender pass; 0: no limit."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def count(self, sender: str) -> None:
        """Count one request of ``sender``. Raises `TooFast`."""
        if not self.per_minute:
            return
        now = time.monotonic()
        bucket = self._buckets.pop(sender, None) or full(self.per_minute, now)
        self._buckets[sender] = bucket
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        wait = take(bucket, now, self.per_minute)
        if wait:
            raise TooFast(wait)
