"""A story: turns that the demonstration takes whatever the dice say, so that on its day there is something to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

FAR = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of one step. ``submit_on``: the day on which it is handed in, in order (FAR: not while the story lasts).

    ``ask_on`` and ``until``: the day on which more time is asked for, and until when; it is granted. ``decide_on``: when it is approved.
    """

    submit_on: date | None = None
    ask_on: date | None = None
    until: date | None = None
    decide_on: date | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Turns by (key task, workflow, cycle, step, slot); the slot "*" stands for every unit not named."""

    turns: Mapping[tuple[str, str, str, str, str], Turn] = field(default_factory=dict)

    def turn(self, workflow: tuple[str, str, str], code: str, slot: str) -> Turn | None:
        """The turn of a step, or None where the dice decide."""
        return self.turns.get((*workflow, code, slot)) or self.turns.get((*workflow, code, "*"))


NO_STORY = Story()
