"""Which figures of a step stand: its rounds, what became of them, and what was corrected, told from its journal.

Two questions have two answers. *As known then*: what the journal said by the end of a day. *As corrected*: what is known now of that
day, with corrections made later and submissions on paper entered later; a submission counts from the day it was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from engine.definition import Text
from engine.instants import end_of_day, local_day

ENDED = ("step.cancelled", "step.not-applicable")
WITHDRAWN = ("step.returned", "step.recalled", "step.reopened")
FIELD = "figures."


class Standing(StrEnum):
    """How a step's figures stand. Only submitted and approved ones count."""

    NONE = "none"  # nothing was handed in
    SUBMITTED = "submitted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"  # returned, recalled or reopened, and not handed in again
    VOID = "void"  # not applicable or cancelled: nobody waits for it


STANDING_TEXT = {
    Standing.NONE: Text("Chưa nộp", "Not handed in"),
    Standing.SUBMITTED: Text("Chờ xác nhận", "Awaiting confirmation"),
    Standing.APPROVED: Text("Đã duyệt", "Approved"),
    Standing.WITHDRAWN: Text("Đang làm lại", "Being redone"),
    Standing.VOID: Text("Không áp dụng", "Not applicable"),
}
COUNTS = frozenset({Standing.SUBMITTED, Standing.APPROVED})


class AsOf(StrEnum):
    """Which of the two answers is wanted."""

    KNOWN = "known"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of a step that matters to its figures. ``day``: from which it holds; ``round``: the one that it is about (0: none yet)."""

    at: datetime
    day: date
    kind: str
    round: int
    field: str = ""
    new: Any = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The figures of one step as they stand. ``old``: what corrected ones said before, by code."""

    standing: Standing = Standing.NONE
    round: int = 0
    submitted_on: date | None = None
    recorded: bool = False
    figures: Mapping[str, Any] = field(default_factory=dict)
    old: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether these figures are in a sum."""
        return self.standing in COUNTS


NOTHING = Reported()


def tell(entries: Iterable[tuple[datetime, Mapping[str, Any]]]) -> tuple[Told, ...]:
    """The facts in ``entries`` (instant, journal body; oldest first) of one step that matter to its figures."""
    found: list[Told] = []
    days: dict[int, int] = {}  # round → where it was handed in
    current = 0
    for at, body in entries:
        for fact in body["facts"]:
            kind = fact["kind"]
            if kind in ("step.submitted", "step.completed"):
                current = fact["round"]
                days[current] = len(found)
                found.append(Told(at, date.fromisoformat(fact["on"]), kind, current))
            elif kind == "step.approved" or kind in WITHDRAWN or kind in ENDED:
                decided = date.fromisoformat(fact["on"]) if "on" in fact else local_day(at)
                found.append(Told(at, decided, kind, current))
            elif kind == "step.corrected" and fact["field"].startswith(FIELD):
                about = fact.get("round", current)
                found.append(Told(at, local_day(at), kind, about, fact["field"].removeprefix(FIELD), fact["new"]))
            elif kind == "step.corrected" and fact["field"] == "submitted_on" and current in days:
                found.append(Told(at, local_day(at), "moved", current, new=date.fromisoformat(fact["new"])))
    return tuple(found)


def standing(
    told: Sequence[Told], rounds: Mapping[int, Mapping[str, Any]], *, day: date | None = None, as_of: AsOf = AsOf.CORRECTED
) -> Reported:
    """How the figures of a step stood at the end of ``day`` (None: now).

    ``rounds``: number → the round's values (``figures``) and ``recorded``.
    """
    if day is not None and as_of is AsOf.KNOWN:
        told = [t for t in told if t.at <= end_of_day(day)]
    moved = {t.round: t.new for t in told if t.kind == "moved"}
    told = [replace(t, day=moved[t.round]) if t.round in moved and t.kind in ("step.submitted", "step.completed") else t for t in told]
    if day is not None:
        told = [t for t in told if t.kind in ("step.corrected", "moved") or t.day <= day]
    found = NOTHING
    for t in told:
        found = _after(found, t, rounds)
    return found


def _after(before: Reported, told: Told, rounds: Mapping[int, Mapping[str, Any]]) -> Reported:
    if told.kind in ("step.submitted", "step.completed"):
        kept = rounds.get(told.round, {})
        counts = Standing.SUBMITTED if told.kind == "step.submitted" else Standing.APPROVED
        return Reported(counts, told.round, told.day, bool(kept.get("recorded")), dict(kept.get("figures", {})))
    if told.kind in ENDED:
        return Reported(Standing.VOID)
    if told.round != before.round:
        return before  # about a round that did not count yet on that day
    if told.kind == "step.approved":
        return replace(before, standing=Standing.APPROVED)
    if told.kind in WITHDRAWN:
        return replace(before, standing=Standing.WITHDRAWN if before.round else Standing.NONE)
    if told.kind == "step.corrected":
        first = before.old.get(told.field, before.figures.get(told.field))
        return replace(before, figures={**before.figures, told.field: told.new}, old={**before.old, told.field: first})
    return before
