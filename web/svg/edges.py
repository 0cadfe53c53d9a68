"""Lines between boxes. A line that opens to every unit becomes three, runs as three, and closes to one at a join."""

from __future__ import annotations

from markupsafe import Markup

from services.queries.process import Link, Shape
from web.svg.layout import Layout, Place
from web.svg.tags import tag, text

APART = {Shape.ONE: (0.0,), Shape.OPENS: (-12.0, 0.0, 12.0), Shape.PER_UNIT: (-8.0, 0.0, 8.0), Shape.JOINS: (-12.0, 0.0, 12.0)}
LANE = 9.0  # between lines that turn in one gutter


def line(path: str) -> Markup:
    """One line."""
    return tag("path", {"class": "f-edge", "d": path})


def tip(x: float, y: float, towards: str, size: float = 3.0) -> Markup:
    """An arrow's tip whose base is at (x, y); ``towards``: right | down | up."""
    shapes = {
        "right": f"M{x:g} {y - size:g}v{2 * size:g}l{2 * size:g}-{size:g}z",
        "down": f"M{x - size:g} {y:g}h{2 * size:g}l-{size:g} {2 * size:g}z",
        "up": f"M{x - size:g} {y:g}h{2 * size:g}l-{size:g} -{2 * size:g}z",
    }
    return tag("path", {"class": "f-arrow", "d": shapes[towards]})


def across(link: Link, before: Place, after: Place, language: str) -> list[Markup]:
    """A link to the next column."""
    x1, x2 = before.x + before.width, after.x - 6.0
    bend = (x1 + x2) / 2
    drawn: list[Markup] = []
    for off in APART[link.shape]:
        start = before.middle + (0.0 if link.shape is Shape.OPENS else off)
        end = after.middle + (0.0 if link.shape is Shape.JOINS else off)
        way = f"H{x2:g}" if start == end else f"C{bend:g} {start:g} {bend:g} {end:g} {x2:g} {end:g}"
        drawn.append(line(f"M{x1:g} {start:g}{way}"))
        if link.shape is not Shape.JOINS:
            drawn.append(tip(x2, end, "right"))
    if link.shape is Shape.JOINS:
        drawn.append(tip(x2 - 1, after.middle, "right", 4.0))
    if link.label.vi:
        at = before if link.shape is Shape.OPENS else after
        drawn.append(text((x1 + after.x) / 2, at.middle - 20, link.label.in_(language), "f-small f-over", "middle"))
    return drawn


def around(link: Link, layout: Layout, lane: int, language: str) -> list[Markup]:
    """A link that turns through the gutter below its row, to a box further on or in a later row."""
    before, after = layout.places[link.before], layout.places[link.after]
    gutter = layout.gutters[before.row] + 14.0 + lane * LANE
    down = after.row > before.row
    start = before.centre + lane * LANE
    end = after.centre - (lane * LANE if down else -lane * LANE)
    step = 6.0 if end >= start else -6.0
    target = after.y - 7.0 if down else after.y + after.height + 7.0
    last = f"v{target - gutter - 6.0:g}" if down else f"V{target:g}"
    corner = f"q{step:g} 0 {step:g} {6 if down else -6}"
    path = f"M{start:g} {before.y + before.height:g}V{gutter - 6:g}q0 6 {step:g} 6H{end - step:g}{corner}{last}"
    drawn = [line(path), tip(end, target, "down" if down else "up", 3.5)]
    if link.label.vi:
        drawn.append(text((start + end) / 2, gutter - 5, link.label.in_(language), "f-small f-over", "middle"))
    return drawn
