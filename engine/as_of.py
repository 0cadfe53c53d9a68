"""How a step stood on a past day, told again from its facts and its deadline ledger alone.

As *known* then: by the instant at which each thing was recorded. As *corrected*: with what was entered later about the time before, that
is corrections, and paper by the date of its document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from engine.definition import Text
from engine.instants import local_day
from engine.rollup import Tally
from engine.statuses import PASSED, VOID, Timeliness, WorkStatus
from engine.timeliness import clocks, timeliness

S = WorkStatus
HANDED_IN = frozenset({"step.submitted", "step.completed"})
FINISHED = frozenset({"step.completed", "step.approved"})
TAKEN_BACK = frozenset({"step.recalled", "step.returned", "step.reopened"})
RUNNING_AGAIN = frozenset({"step.resumed", "step.not-applicable", "step.cancelled", "step.removed"})
AMENDED = frozenset({"step.added", "step.removed", "step.restored"})
NEW_LEAD = {"step.reassigned": "to", "step.succeeded": "to", "step.lead-amended": "lead"}  # fact → where it names the new one
FOLLOWING = frozenset({"correction", "taken-back"})  # ledger entries that say what an extension should have been
ORIGINS = frozenset({"original", "opened"})


class View(StrEnum):
    KNOWN = "known"
    CORRECTED = "corrected"


VIEW_TEXT = {
    View.KNOWN: Text("như đã biết khi đó", "as known then"),
    View.CORRECTED: Text("theo số liệu đã đính chính", "as corrected since"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One journal entry as far as it is about a step. ``after``: the status that it left, None if it was about the step in passing."""

    at: datetime
    facts: tuple[Mapping[str, Any], ...]
    after: WorkStatus | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the deadline ledger."""

    kind: str
    due_on: date | None
    at: datetime


@dataclass(slots=True)
class Standing:
    """A step as it stood at an instant. The names are those of the stored columns."""

    status: WorkStatus
    lead: str
    due_on: date | None = None
    original_due_on: date | None = None
    extensions: int = 0
    submitted_on: date | None = None
    done_on: date | None = None
    suspended_on: date | None = None
    round: int = 0

    def timeliness(self, at: datetime) -> Timeliness:
        """The label at ``at``."""
        due_at, soon_at, _ = self._clocks()
        return timeliness(self.status, self.due_on, at, due_at=due_at, soon_at=soon_at, submitted_on=self.submitted_on)

    def tally(self, at: datetime) -> Tally:
        """The step counted at ``at``: nothing for one that is in no denominator."""
        if self.status in VOID:
            return Tally()
        due_at, soon_at, _ = self._clocks()
        done, stopped = self.status is S.DONE, self._stopped_on(local_day(at))
        overdue = self.status not in PASSED and due_at is not None and due_at <= at
        soon = not done and soon_at is not None and soon_at <= at and due_at is not None and due_at > at
        late = done and _after(self.submitted_on, self.due_on)
        return Tally(
            on_time=done and not late, late=late, within=not done and not overdue, overdue=overdue, soon=soon,
            submitted=self.status is S.SUBMITTED, returned=self.status is S.RETURNED,
            on_time_original=done and not _after(self.submitted_on, self.original_due_on),
            overdue_original=not done and _after(stopped, self.original_due_on),
        )  # fmt: skip

    def _clocks(self) -> tuple[datetime | None, datetime | None, datetime | None]:
        found = clocks(self.status, self.due_on, submitted_on=self.submitted_on, suspended_on=self.suspended_on)
        return found.due_at, found.soon_at, found.approval_due_at

    def _stopped_on(self, today: date) -> date | None:
        return {S.SUBMITTED: self.submitted_on, S.SUSPENDED: self.suspended_on}.get(self.status, today)


@dataclass(frozen=True, slots=True)
class Story:
    """What is recorded about one step: ``said`` in the journal's order, the ``ledger``, who leads it and how it stands by now."""

    said: Sequence[Said]
    ledger: Sequence[Line]
    lead: str
    status: WorkStatus

    def exists(self, until: datetime) -> bool:
        """Whether it was there at ``until``: an amendment may have added it later."""
        return all(entry.at <= until for entry in self.said if any(f["kind"] == "step.added" for f in entry.facts))

    def standing(self, until: datetime, view: View) -> Standing:
        """How the step stood at ``until``."""
        first = next((f["from"] for entry in self.said for f in entry.facts if f["kind"] in NEW_LEAD), self.lead)
        found = Standing(self._first_status(), first)
        amended = self._corrections() if view is View.CORRECTED else {}
        for entry in self.said:
            if _happened(entry, amended, view, until):
                for fact in entry.facts:
                    _tell(found, fact, entry.at, amended)
                found.status = entry.after or found.status
        _dates(found, self.ledger, until, view)
        return found

    def _corrections(self) -> dict[tuple[int, str], str]:
        """What (round, field) proved to be."""
        facts = (f for entry in self.said for f in entry.facts if f["kind"] == "step.corrected")
        return {(f.get("round", 0), f["field"]): f["new"] for f in facts}

    def _first_status(self) -> WorkStatus:
        """Before anything was said: void ones were so when the workflow opened, all others waited."""
        for entry in self.said:
            for fact in entry.facts:
                if fact["kind"] == "step.reopened":
                    return S(fact["from"])
            if entry.after is not None and entry.after in VOID and not {f["kind"] for f in entry.facts} & RUNNING_AGAIN:
                return entry.after
            if entry.after is not None or any(f["kind"] in AMENDED | {"step.opened"} for f in entry.facts):
                return S.WAITING
        return self.status


def _happened(entry: Said, amended: Mapping[tuple[int, str], str], view: View, until: datetime) -> bool:
    """Whether ``entry`` counts at ``until``: by its instant, or as corrected by the day that it is about."""
    if view is View.KNOWN:
        return entry.at <= until
    own = next((day for fact in entry.facts if (day := _own_day(fact, amended))), None)
    return own <= local_day(until) if own else entry.at <= until


def _own_day(fact: Mapping[str, Any], amended: Mapping[tuple[int, str], str]) -> date | None:
    """The day that a fact is about, where it may differ from the one on which it was recorded."""
    number = fact.get("round", 0)
    corrected = None
    if fact["kind"] in HANDED_IN:
        corrected = amended.get((number, "submitted_on"))
    elif fact["kind"] in FINISHED:
        corrected = amended.get((number, "done_on"))
    stated = corrected or (fact.get("on") if fact.get("recorded") else None)
    return date.fromisoformat(stated) if stated else None


def _tell(found: Standing, fact: Mapping[str, Any], at: datetime, amended: Mapping[tuple[int, str], str]) -> None:
    """What one fact makes of the step."""
    kind = fact["kind"]
    if kind == "step.opened":
        found.status = S.OPEN
    elif kind == "step.waiting-again":
        found.status = S.WAITING
    elif kind in NEW_LEAD:
        found.lead = fact[NEW_LEAD[kind]]
    elif kind == "step.suspended":
        found.suspended_on = local_day(at)
    elif kind in RUNNING_AGAIN:
        found.suspended_on = None
    elif kind in TAKEN_BACK:
        found.submitted_on = found.done_on = None
    elif kind == "step.corrected" and fact["field"] in ("submitted_on", "done_on"):
        setattr(found, fact["field"], date.fromisoformat(fact["new"]))
    if kind in AMENDED:
        found.status = S(fact.get("status", S.NOT_APPLICABLE))
    if kind in HANDED_IN:
        found.round = fact["round"]
        found.submitted_on = _own_day(fact, amended) or date.fromisoformat(fact["on"])
    if kind in FINISHED:
        stated = amended.get((found.round, "done_on")) or fact.get("on")
        found.done_on = date.fromisoformat(stated) if stated else local_day(at)


def _dates(found: Standing, ledger: Sequence[Line], until: datetime, view: View) -> None:
    """The dates that held at ``until``; as corrected, an extension is what its corrections say."""
    number = sum(line.at <= until for line in ledger)
    while view is View.CORRECTED and 0 < number < len(ledger) and ledger[number].kind in FOLLOWING:
        number += 1
    held = ledger[:number]
    found.due_on = held[-1].due_on if held else None
    found.original_due_on = next((line.due_on for line in reversed(held) if line.kind in ORIGINS), None)
    found.extensions = sum((line.kind == "extension") - (line.kind == "taken-back") for line in held)


def _after(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day > other


def corrected_since(entries: Iterable[Said], since: datetime) -> tuple[Mapping[str, Any], ...]:
    """The corrections recorded after ``since``: what a report made then did not know."""
    return tuple(fact for entry in entries if entry.at > since for fact in entry.facts if fact["kind"] == "step.corrected")
