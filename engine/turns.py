"""Whose clock it was: the facts about a step told as turns, each from the day after it began.

What happens on a day counts from the next one on, since the day had begun by then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from engine.definition import ApprovalLink


class Clock(StrEnum):
    """Who holds a step's clock."""

    WAITING = "waiting"  # it has not opened: somebody before it
    LEAD = "lead"
    APPROVER = "approver"
    AGENCY = "agency"  # refused: the standing agency must decide
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Event:
    """A fact about one step, on its local day."""

    day: date
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose clock it is from the day after ``day`` on. ``holder``: the unit, None where it is nobody's or depends on others."""

    day: date
    clock: Clock
    holder: str | None = None


ChainOf = Callable[[str, int | None], Sequence[ApprovalLink]]


def turns(events: Sequence[Event], *, lead: str, agency_of: Callable[[int | None], str], chain_of: ChainOf) -> tuple[Turn, ...]:
    """The turns that the facts about a step tell, in the journal's order.

    ``lead``: the unit that leads it now. ``chain_of``: the links of approval for a step that a unit leads, by a version of the plan;
    ``agency_of``: the standing agency by a version. None is the version that holds now.
    """
    first = next((event.data["from"] for event in events if event.kind in NEW_LEAD), lead)
    version = next((event.data["from_version"] for event in events if event.kind == UNITS_CHANGED), None)
    return _Telling(first, version, agency_of, chain_of).tell(events)


class _Telling:
    """One step's facts being told again."""

    def __init__(self, lead: str, version: int | None, agency_of: Callable[[int | None], str], chain_of: ChainOf) -> None:
        self.lead, self.version, self.agency_of, self.chain_of = lead, version, agency_of, chain_of
        self.link = 0
        self.approved: set[str] = set()
        self.turns: list[Turn] = []
        self.before_pause: Turn | None = None

    def tell(self, events: Sequence[Event]) -> tuple[Turn, ...]:
        for event in events:
            turn = self._after(event)
            if turn is not None:
                self.turns.append(turn)
        return tuple(self.turns)

    def _after(self, event: Event) -> Turn | None:
        """The turn that ``event`` begins; None where the clock stays where it is."""
        if event.kind in TO_LEAD:
            return Turn(event.day, Clock.LEAD, self.lead)
        if event.kind in FIXED:
            clock = FIXED[event.kind]
            return Turn(event.day, clock, self.agency_of(self.version) if clock is Clock.AGENCY else None)
        handler = HANDLERS.get(event.kind)
        return handler(self, event) if handler else None

    def _submitted(self, event: Event) -> Turn:
        """A document's own date counts where it was recorded from paper."""
        self.link, self.approved = 0, set()
        return self._with_approver(date.fromisoformat(event.data["on"]))

    def _link_approved(self, event: Event) -> Turn:
        self.link, self.approved = self.link + 1, set()
        return self._with_approver(event.day)

    def _approval_given(self, event: Event) -> Turn:
        self.approved |= set(event.data.get("units", ()))
        return self._with_approver(event.day)

    def _with_approver(self, day: date) -> Turn:
        links = self.chain_of(self.lead, self.version)
        units = links[self.link].units if self.link < len(links) else ()
        return Turn(day, Clock.APPROVER, next((unit for unit in units if unit not in self.approved), None))

    def _reassigned(self, event: Event) -> Turn | None:
        self.lead = event.data["to"]
        now = self.turns[-1].clock if self.turns else Clock.WAITING
        return Turn(event.day, Clock.LEAD, self.lead) if now in (Clock.LEAD, Clock.AGENCY) else None

    def _succeeded(self, event: Event) -> None:
        """Another unit answers for it from the beginning of the day ``on``; the days before stay with the one that has ended."""
        old, self.lead = event.data["from"], event.data["to"]
        self._hand_over(event, lambda turn: self.lead if turn.clock is Clock.LEAD and turn.holder == old else turn.holder)

    def _units_changed(self, event: Event) -> None:
        """Whoever confirms, and the standing agency, may have successors from the day ``on``."""
        heirs: Mapping[str, str] = event.data["heirs"]
        self.version = event.data["to_version"]
        self.approved = {heirs.get(unit, unit) for unit in self.approved}
        others = (Clock.APPROVER, Clock.AGENCY)
        self._hand_over(event, lambda turn: heirs.get(turn.holder or "", turn.holder) if turn.clock in others else turn.holder)

    def _hand_over(self, event: Event, holder: Callable[[Turn], str | None]) -> None:
        """The turns that run on ``on`` or begin later are their successors'; one that runs into that day ends the day before."""
        eve = date.fromisoformat(event.data["on"]) - timedelta(days=1)
        found: list[Turn] = []
        for number, turn in enumerate(self.turns):
            runs_into = turn.day < eve and (number + 1 == len(self.turns) or self.turns[number + 1].day > eve)
            changed = replace(turn, holder=holder(turn))
            if turn.day >= eve:
                found.append(changed)
            else:
                found += [turn, replace(changed, day=eve)] if runs_into and changed != turn else [turn]
        self.turns = found
        if self.before_pause:
            self.before_pause = replace(self.before_pause, holder=holder(self.before_pause))

    def _suspended(self, event: Event) -> Turn:
        self.before_pause = self.turns[-1] if self.turns else None
        return Turn(event.day, Clock.SUSPENDED)

    def _resumed(self, event: Event) -> Turn:
        before = self.before_pause or Turn(event.day, Clock.WAITING)
        holder = self.lead if before.clock is Clock.LEAD else before.holder
        return Turn(event.day, before.clock, holder)

    def _corrected(self, event: Event) -> None:
        """The day of submission was wrong."""
        if event.data.get("field") != "submitted_on":
            return
        last = max((n for n, turn in enumerate(self.turns) if turn.clock is Clock.APPROVER), default=None)
        if last is not None:
            self.turns[last] = replace(self.turns[last], day=date.fromisoformat(event.data["new"]))


UNITS_CHANGED = "workflow.units-changed"
NEW_LEAD = frozenset({"step.reassigned", "step.succeeded"})
TO_LEAD = frozenset({"step.opened", "step.returned", "step.recalled", "step.reopened"})
FIXED = {
    "step.waiting-again": Clock.WAITING,
    "step.refused": Clock.AGENCY,
    "step.approved": Clock.ENDED,
    "step.not-applicable": Clock.ENDED,
    "step.cancelled": Clock.ENDED,
}
HANDLERS: dict[str, Callable[[_Telling, Event], Turn | None]] = {
    "step.submitted": _Telling._submitted,
    "step.link-approved": _Telling._link_approved,
    "step.approval-given": _Telling._approval_given,
    "step.reassigned": _Telling._reassigned,
    "step.succeeded": _Telling._succeeded,
    UNITS_CHANGED: _Telling._units_changed,
    "step.suspended": _Telling._suspended,
    "step.resumed": _Telling._resumed,
    "step.corrected": _Telling._corrected,
}
