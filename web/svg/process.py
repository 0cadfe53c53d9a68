"""The process of a workflow, drawn twice: across for wide screens, downwards for phones. Never one of them shrunken."""

from __future__ import annotations

from markupsafe import Markup

from services.queries.process import Link, Process
from web.svg.boxes import Reader, box, height_of, title_lines
from web.svg.edges import across, around, line, tip
from web.svg.layout import GAP, WIDTH, columns_of, lay_out, layers, straight
from web.svg.tags import tag, text

NARROW = 346.0
BELOW = 34.0  # between boxes of the narrow drawing


def wide(process: Process, reader: Reader, label: str) -> Markup:
    """The drawing for wide screens; empty for a process without steps."""
    if not process.steps:
        return Markup("")
    columns = columns_of(len(layers(process)))
    width = (WIDTH - GAP * (columns - 1)) / columns
    longest = max(len(title_lines(step, width, reader.language)) for step in process.steps)
    layout = lay_out(process, height_of(longest, strip=any(step.group for step in process.steps)))
    drawn: list[Markup] = []
    lanes: dict[int, int] = {}
    for link in process.links:
        before, after = layout.places[link.before], layout.places[link.after]
        if straight(link, layout):
            drawn += across(link, before, after, reader.language)
        else:
            lane = lanes.setdefault(before.row, 0)
            lanes[before.row] += 1
            drawn += around(link, layout, lane, reader.language)
    for step in process.steps:
        place = layout.places[step.number]
        drawn.append(box(step, place.x, place.y, place.width, place.height, reader))
    height = layout.height + (14.0 + 9.0 * lanes[max(lanes)] if lanes and max(lanes) == len(layout.gutters) - 1 else 0.0)
    return tag("svg", {"viewBox": f"-1 0 {WIDTH + 2:g} {height:g}", "role": "group", "aria-label": label}, *drawn)


def narrow(process: Process, reader: Reader, label: str) -> Markup:
    """The drawing for phones: one box under the other, with a line where one leads to the next and words where it skips some."""
    drawn: list[Markup] = []
    y = 3.0
    for nth, step in enumerate(process.steps):
        before = process.before(step.number)
        if nth:
            drawn += _between(before, process.steps[nth - 1].number, y, reader)
            y += BELOW
        height = height_of(len(title_lines(step, NARROW - 6.0, reader.language)), strip=step.group is not None)
        drawn.append(box(step, 3.0, y, NARROW - 6.0, height, reader))
        y += height
    return tag("svg", {"viewBox": f"0 0 {NARROW:g} {y + 3:g}", "role": "group", "aria-label": label}, *drawn)


def _between(links: tuple[Link, ...], previous: int, y: float, reader: Reader) -> list[Markup]:
    """What stands between two boxes: a line if the upper leads to the lower, and the others that do in words."""
    centre = NARROW / 2
    drawn: list[Markup] = []
    words = [link.label.in_(reader.language) for link in links if link.before == previous and link.label.vi]
    if any(link.before == previous for link in links):
        drawn += [line(f"M{centre:g} {y:g}V{y + BELOW - 7:g}"), tip(centre, y + BELOW - 7, "down", 3.5)]
    others = [str(link.before) for link in links if link.before != previous]
    if others:
        numbers = ", ".join(others)
        words.append(reader.say(f"sau bước {numbers}", f"after step {numbers}"))
    return [*drawn, text(centre + 14, y + BELOW / 2 + 4, " · ".join(words), "f-small")] if words else drawn
