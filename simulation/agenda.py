"""What people mean to do, in the order in which it comes up."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Intent:
    """Somebody means to make the move ``kind`` on a step. It lapses when the step's ``era`` has passed: something else came first."""

    step_id: int
    kind: str
    era: int = 0
    data: dict[str, Any] = field(default_factory=dict)


class Agenda:
    """A queue of intents by instant; those of the same instant come in the order in which they were noted."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Intent]] = []
        self._noted = 0
        self._reached: datetime | None = None

    def note(self, at: datetime, intent: Intent) -> None:
        """Remember ``intent`` for the instant ``at``. Raises ValueError if that has passed: nobody acts in the past."""
        if self._reached is not None and at < self._reached:
            raise ValueError(f"{intent.kind} on step {intent.step_id} is meant for {at}, and it is {self._reached}")
        self._noted += 1
        heapq.heappush(self._heap, (at, self._noted, intent))

    def until(self, end: datetime) -> Iterator[tuple[datetime, Intent]]:
        """Take out what comes up before ``end``, also what is noted meanwhile."""
        while self._heap and self._heap[0][0] < end:
            at, _, intent = heapq.heappop(self._heap)
            self._reached = at
            yield at, intent
        self._reached = end
