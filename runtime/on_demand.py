"""Asking for something as soon as it is needed, and less and less often while that does not help."""

from __future__ import annotations

from collections.abc import Callable

from runtime.backoff import delay

FIRST_S, LONGEST_S = 5.0, 600.0


class OnDemand:
    """Calls ``ask`` when ``needed`` is true. If it still is some seconds later (a mail server that is down, say) the pauses double."""

    def __init__(self, needed: Callable[[], bool], ask: Callable[[], None]) -> None:
        self._needed = needed
        self._ask = ask
        self._asked = 0
        self._not_before = 0.0

    def look(self, now: float) -> None:
        """One look; ``now`` in seconds of a clock that only goes forward."""
        if not self._needed():
            self._asked = 0
            self._not_before = 0.0
        elif now >= self._not_before:
            self._ask()
            self._asked += 1
            self._not_before = now + delay(self._asked, first=FIRST_S, longest=LONGEST_S)
