"""The story of the year as a page of the documentation: ``python -m tests.journeys.tell`` plays it and writes docs/a-year.md anew."""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path

from engine.instants import at_local
from tests.journeys.year import Scene, Year, tracked_from, year
from wiring.settings import CHECKOUT

STORY = CHECKOUT / "docs" / "a-year.md"
HEAD = """# A year as it really goes

Plan 222 followed from the middle of 2024 to its end, in an office of the standing agency, provincial departments and districts. Everything
below happened in a test (`tests/journeys/test_a_year.py`): what people do goes through the pages, mail through a real mail server, and the
quoted words stood on the page or in the mail that the person saw. Everybody who is not named works on time.

Written by `python -m tests.journeys.tell`; a test fails if the page tells anything else than what happens.
"""


def told(lived: Year) -> str:
    """The page that tells the scenes of ``lived``."""
    parts = [HEAD]
    for chapter, scenes in groupby(lived.scenes, key=lambda scene: scene.chapter):
        title, _, rest = chapter.partition(". ")
        parts.append(f"## {title.rstrip('.')}\n" + (f"\n{rest}\n" if rest else ""))
        parts.append("| Day | Who | What they did or saw | Typed, or read on the page or in the mail |\n|---|---|---|---|")
        parts.append("\n".join(map(_line, scenes)) + "\n")
    return "\n".join(parts)


def _line(scene: Scene) -> str:
    quoted = " · ".join(f"“{words}”" for words in scene.saw)
    return f"| {scene.day:%d/%m/%Y} | `{scene.who}` | {scene.did} | {quoted} |"


def main() -> None:
    """Play the story and write it down."""
    from tests.journeys.test_a_year import CHAPTERS, START

    with tempfile.TemporaryDirectory() as folder, year(Path(folder), at_local(START, 9), tracked_from(START)) as lived:
        for chapter in CHAPTERS:
            lived.begin(chapter)
            chapter(lived)
        STORY.write_text(told(lived), encoding="utf-8")


if __name__ == "__main__":
    main()
