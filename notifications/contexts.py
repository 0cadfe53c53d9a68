"""What a message says, as values: made when a notice is expanded, stored with the message as JSON, handed to the templates."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """One thing about one step, or about the steps of one fan-out (``count`` > 1).

    ``place`` and ``title`` are in the reader's language; the title, the evidence and everything that somebody wrote (``note``) are
    empty where the workflow is confidential. ``path`` leads to the step, ``whole`` to its workflow. ``capacity``: the unit in whose
    name the reader hears. ``days``: calendar days to the due day on the day of writing, negative when late. ``until``: the date asked
    for, granted or set for doing it again; ``was``: the one that a change of the calendar has moved. ``instead_of``: the name of the
    absent person for whom the reader hears as deputy. ``handler``: the name of who handles the step, in reminders of its lead unit.
    """

    notice_id: int
    kind: str
    audience: str
    step_ids: tuple[int, ...]
    path: str
    place: str
    unit: str
    capacity: str
    title: str = ""
    whole: str = ""
    count: int = 1
    due_on: date | None = None
    days: int | None = None
    rung: str = ""
    note: str = ""
    by: str = ""
    until: date | None = None
    was: date | None = None
    needed: tuple[str, ...] = ()
    stands_in: bool = False
    proposed: bool = False
    instead_of: str = ""
    due_version: int | None = None
    lead: str | None = None
    round: int | None = None
    link: int | None = None
    handler: str = ""


@dataclass(frozen=True, slots=True)
class MessageContext:
    """One message to one person. ``day``: the local day it is written on. ``items``: one, or those of a digest."""

    name: str
    language: str
    day: date
    items: tuple[Item, ...]

    def only(self, items: tuple[Item, ...]) -> MessageContext:
        """The same message with ``items``."""
        return replace(self, items=items)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON; what is at its default is left out."""
        return {"name": self.name, "language": self.language, "day": self.day.isoformat(), "items": [_plain(item) for item in self.items]}


def from_json(data: dict[str, Any]) -> MessageContext:
    """The context that `MessageContext.as_json` wrote."""
    return MessageContext(data["name"], data["language"], date.fromisoformat(data["day"]), tuple(_item(each) for each in data["items"]))


_DATES = ("due_on", "until", "was")
_TUPLES = ("step_ids", "needed")
_FIELDS = fields(Item)


def _plain(item: Item) -> dict[str, Any]:
    values = {f.name: getattr(item, f.name) for f in _FIELDS if getattr(item, f.name) != f.default}
    for name in _DATES:
        if values.get(name) is not None:
            values[name] = values[name].isoformat()
    return values | {name: list(values[name]) for name in _TUPLES if name in values}


def _item(data: dict[str, Any]) -> Item:
    values = dict(data)
    for name in _DATES:
        if values.get(name) is not None:
            values[name] = date.fromisoformat(values[name])
    return Item(**(values | {name: tuple(values[name]) for name in _TUPLES if name in values}))
