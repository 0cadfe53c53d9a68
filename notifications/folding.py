"""Lines of a gathered mail: the same news about many units is one line that names them, not a page of equal ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from notifications.contexts import Item

NAMED = 12  # units written out before "and 3 more"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``item`` stands for all of them. ``path`` leads to its step, or to the workflow where there are several."""

    item: Item
    units: tuple[str, ...]
    path: str

    def unit(self, language: str) -> str:
        """The unit, or the units by name."""
        named, more = ", ".join(self.units[:NAMED]), len(self.units) - NAMED
        if more <= 0:
            return named
        return f"{named} and {more} more" if language == "en" else f"{named} và {more} đơn vị khác"


def folded(items: Iterable[Item]) -> list[Line]:
    """The lines of ``items``, in their order; what differs only in the unit is one line."""
    groups: dict[tuple[object, ...], list[Item]] = {}
    for item in items:
        groups.setdefault(_sameness(item), []).append(item)
    return [_line(group) for group in groups.values()]


def _sameness(item: Item) -> tuple[object, ...]:
    return (
        item.kind, item.audience, item.stands_in, item.place, item.title, item.due_on, item.was, item.rung, item.proposed,
        item.note, item.handler, item.whole or item.path,
    )  # fmt: skip


def _line(group: list[Item]) -> Line:
    first = group[0]
    return Line(first, tuple(dict.fromkeys(item.unit for item in group)), first.path if len(group) == 1 else first.whole)
