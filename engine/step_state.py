"""A step as the rules see it, and what a decision changes about it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from engine.facts import Fact
from engine.statuses import WorkStatus


@dataclass(frozen=True, slots=True)
class StepState:
    """The stored facts of one step that rules depend on. Days are local; instants aware and in UTC."""

    id: int
    code: str
    slot: str
    lead: str
    status: WorkStatus
    version: int = 1
    opened_on: date | None = None
    original_due_on: date | None = None
    due_on: date | None = None
    due_version: int = 1
    extensions: int = 0
    extension: dict[str, Any] | None = None
    window_first: date | None = None
    window_last: date | None = None
    choose_by: date | None = None
    chosen_on: date | None = None
    round: int = 0
    link: int = 0
    link_approved: tuple[str, ...] = ()
    accepted_by: int | None = None
    handler: int | None = None
    submitted_by: int | None = None
    submitted_for: int | None = None
    submitted_on: date | None = None
    approval_due_on: date | None = None
    done_on: date | None = None
    suspended_on: date | None = None
    resume_to: str | None = None
    closed_on: date | None = None
    draft: dict[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    soon_at: datetime | None = None


FIELDS = tuple(f.name for f in fields(StepState))


def from_row(row: Any) -> StepState:
    """A `StepState` from a database row mapping that holds at least `FIELDS`."""
    values = {name: row[name] for name in FIELDS}
    values["status"] = WorkStatus(values["status"])
    values["link_approved"] = tuple(values["link_approved"] or ())
    values["draft"] = values["draft"] or {}
    return StepState(**values)


NO_SUBMISSION: dict[str, Any] = {
    "link": 0,
    "link_approved": [],
    "submitted_by": None,
    "submitted_for": None,
    "submitted_on": None,
    "submitted_at": None,
    "approval_due_on": None,
    "recorded": False,
}
"""What a step looks like that nothing lies submitted on."""

NO_HANDLER: dict[str, Any] = {"handler": None, "handled_since": None}
"""What a step looks like that nobody is named to handle: with another lead it begins anew."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """An entry for the deadline ledger: the date that holds from now on, why, and by which document.

    ``working_days``: how many a suspension added, so that the date can be counted again when the calendar changes.
    """

    kind: str
    due_on: date | None
    document: str = ""
    reason: str = ""
    working_days: int | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A round as handed in, frozen."""

    number: int
    submitted_on: date
    body: dict[str, Any]
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does to one step. ``changes``: new values of `StepState` fields. ``text``: what the person wrote.

    ``excused``: slots that a join stops waiting for. ``files``: attachments to store.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    text: str = ""
    submission: Submission | None = None
    ledger: Ledger | None = None
    excused: tuple[str, ...] = ()
    files: tuple[dict[str, Any], ...] = ()
