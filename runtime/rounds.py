"""What the orchestrator does again and again, each at its own interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass
class Round:
    """Something done every ``every`` seconds; the first time at once."""

    every: float
    do: Callable[[], object]
    next_at: float = float("-inf")

    def turn(self, now: float) -> None:
        """Do it if its time has come. If it fails it is due again at the next turn."""
        if now >= self.next_at:
            self.do()
            self.next_at = now + self.every

    def now_please(self) -> None:
        """Let it come at the next turn."""
        self.next_at = float("-inf")


def turn_all(rounds: Sequence[Round], now: float) -> None:
    """One turn of each, in order."""
    for each in rounds:
        each.turn(now)
