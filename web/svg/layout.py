"""Where the boxes of a process stand: one column per layer of the graph, wrapped into rows that a page is wide enough for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.queries.process import Link, Process

WIDTH = 1135.0
GAP = 37.0  # between columns
BETWEEN = 20.0  # between boxes of one column
GUTTER = 58.0  # between rows: lines that turn run here
MOST_COLUMNS = 5
USUAL_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A box: its corner, its size, the row and column of its layer."""

    x: float
    y: float
    width: float
    height: float
    row: int
    column: int

    @property
    def middle(self) -> float:
        """Half its height."""
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        """Half its width."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """``places`` by step number; ``gutters``: the height at which each row's gutter begins."""

    places: dict[int, Place]
    gutters: tuple[float, ...]
    height: float


def layers(process: Process) -> list[list[int]]:
    """Step numbers by the longest way that leads to them."""
    depth: dict[int, int] = {}
    for step in process.steps:  # a definition lists what comes before first, or the loop below sets it right
        depth[step.number] = 0
    for _ in process.steps:
        for link in process.links:
            if link.after in depth and link.before in depth:
                depth[link.after] = max(depth[link.after], depth[link.before] + 1)
    return [[n for n, d in depth.items() if d == level] for level in range(max(depth.values(), default=-1) + 1)]


def columns_of(number_of_layers: int) -> int:
    """How many layers stand in one row."""
    return number_of_layers if number_of_layers == MOST_COLUMNS else USUAL_COLUMNS


def lay_out(process: Process, box_height: float) -> Layout:
    """Places for every box of ``process``."""
    found = layers(process)
    columns = columns_of(len(found))
    width = (WIDTH - GAP * (columns - 1)) / columns
    places: dict[int, Place] = {}
    gutters: list[float] = []
    top = 3.0
    for row, start in enumerate(range(0, len(found), columns)):
        shown = found[start : start + columns]
        lanes = _lanes(process, shown)
        for column, numbers in enumerate(shown):
            for number in numbers:
                y = top + lanes[number] * (box_height + BETWEEN)
                places[number] = Place(column * (width + GAP), y, width, box_height, row, column)
        tallest = max(lanes.values()) + 1
        gutters.append(top + tallest * box_height + (tallest - 1) * BETWEEN)
        top = gutters[-1] + GUTTER
    return Layout(places, tuple(gutters), top - GUTTER + 3.0)


def _lanes(process: Process, columns: Sequence[Sequence[int]]) -> dict[int, int]:
    """How far down each box of a row of layers stands: never above the first that leads to it, so that chains run level."""
    lanes: dict[int, int] = {}
    for numbers in columns:
        wanted = {n: min((lanes[link.before] for link in process.before(n) if link.before in lanes), default=0) for n in numbers}
        free = 0
        for number in sorted(numbers, key=lambda n: (wanted[n], n)):
            lanes[number] = max(free, wanted[number])
            free = lanes[number] + 1
    return lanes


def straight(link: Link, layout: Layout) -> bool:
    """Whether a link runs from one column to the next in one row."""
    before, after = layout.places[link.before], layout.places[link.after]
    return before.row == after.row and after.column == before.column + 1
