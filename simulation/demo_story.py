"""What the demonstration needs to be so on its day, 25/07/2024; all else falls as the dice fall."""

from __future__ import annotations

from simulation.story import Story

STORY = Story({})
