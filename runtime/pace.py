"""When a workflow may be woken again: not too often, and less often after a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.backoff import delay

COALESCE_S = 3.0
"""However many units act, a workflow wakes at most once in so many seconds; the next wake sees all of it."""


@dataclass
class _Beat:
    not_before: float = 0.0
    refusals: int = 0


class Pace:
    """Remembers, for each workflow, when it was last woken or refused. Times are seconds of a clock that only goes forward."""

    def __init__(self, coalesce: float = COALESCE_S) -> None:
        self._coalesce = coalesce
        self._beats: dict[int, _Beat] = {}

    def may(self, workflow_id: int, now: float) -> bool:
        """Whether the workflow may be woken now."""
        beat = self._beats.get(workflow_id)
        return beat is None or now >= beat.not_before

    def woken(self, workflow_id: int, now: float) -> None:
        """It was woken: earlier refusals are forgotten."""
        self._beats[workflow_id] = _Beat(now + self._coalesce)

    def refused(self, workflow_id: int, now: float) -> float:
        """It could not be woken. Gives the seconds until the next try, longer each time."""
        beat = self._beats.setdefault(workflow_id, _Beat())
        beat.refusals += 1
        wait = delay(beat.refusals)
        beat.not_before = now + wait
        return wait

    def forget_past(self, now: float) -> None:
        """Drop what no longer holds anything back, so that memory follows the workflows in motion."""
        self._beats = {key: beat for key, beat in self._beats.items() if beat.not_before > now - 60 or beat.refusals}
