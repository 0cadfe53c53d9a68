"""SVG elements as safe markup: every value is escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

Value = str | int | float | None


def tag(name: str, attributes: dict[str, Value], *children: str | Markup) -> Markup:
    """An element; attributes with the value None are left out, numbers lose needless decimals."""
    written = "".join(f' {key}="{escape(_plain(value))}"' for key, value in attributes.items() if value is not None)
    inside = "".join(str(escape(child)) for child in children)
    return Markup(f"<{name}{written}>{inside}</{name}>" if children else f"<{name}{written}/>")  # noqa: S704


def text(x: float, y: float, words: str, kind: str, anchor: str | None = None) -> Markup:
    """A line of text of the sheet's class ``kind``; ``anchor``: middle | end."""
    return tag("text", {"class": kind, "x": x, "y": y, "text-anchor": anchor}, words)


def icon(name: str, x: float, y: float, size: float, kind: str = "") -> Markup:
    """An icon of the page's sprite in the colour of the class ``kind``."""
    drawn = tag("use", {"href": f"#i-{name}", "x": x, "y": y, "width": size, "height": size, "class": "f-ic"})
    return tag("g", {"class": kind}, drawn) if kind else drawn


def group(children: Iterable[Markup], kind: str | None = None) -> Markup:
    """Elements together, with a class."""
    return tag("g", {"class": kind}, *children)


def wrapped(words: str, width: float, per_letter: float, most: int, joint: str = " ") -> list[str]:
    """``words`` in lines of at most ``width``, broken at ``joint``; what does not fit in ``most`` lines ends in an ellipsis.

    Lines are about as long as each other, so that no word stands alone at the end.
    """
    room = max(4, int(width / per_letter))
    lines = _filled(words, room, joint)
    if len(lines) <= most:
        return min((_filled(words, less, joint) for less in range(4, room + 1)), key=lambda some: (len(some) != len(lines), _longest(some)))
    last = lines[most - 1]
    return [*lines[: most - 1], (last if len(last) < room else last[: room - 1]).rstrip() + "…"]


def _filled(words: str, room: int, joint: str) -> list[str]:
    """``words`` in lines that are as full as ``room`` letters allow."""
    lines: list[str] = []
    for word in words.split(joint):
        if lines and len(lines[-1]) + len(joint) + len(word) <= room:
            lines[-1] += joint + word
        else:
            lines.append(word)
    return lines


def _longest(lines: list[str]) -> int:
    return max(map(len, lines))


def _plain(value: Value) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
