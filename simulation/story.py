"""A story: turns that the demonstration takes whatever the dice say, so that on its day there is something to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

FAR = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of one step. Days are local; FAR: not while the story lasts.

    ``submit_on``: when it is handed in, in order. ``ask_on`` and ``until``: when more time is asked for, and until when; it is granted.
    ``named_on`` and ``handler``: when its unit says who handles it, by sign-in name.
    ``decide_on``: when what was handed in is approved, or what was asked for is granted. Nothing rare befalls a step with a turn.
    """

    submit_on: date | None = None
    ask_on: date | None = None
    until: date | None = None
    decide_on: date | None = None
    named_on: date | None = None
    handler: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Turns by (key task, workflow, cycle, step, slot). ``chosen``: the chronically late unit and the one whose work often comes back."""

    turns: Mapping[tuple[str, str, str, str, str], Turn] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()

    def turn(self, workflow: tuple[str, str, str], code: str, slot: str) -> Turn | None:
        """The turn of a step, or None where the dice decide."""
        return self.turns.get((*workflow, code, slot))


NO_STORY = Story()
