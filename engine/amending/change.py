"""What an amendment does to the steps of one workflow that runs, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from engine.amending.bounds import Refusal
from engine.definition import Text
from engine.schedule import PlannedStep
from engine.statuses import WorkStatus
from engine.step_state import Ledger, StepState


class Kind(StrEnum):
    ADDED = "added"  # it comes into being: waiting, or not applicable where its date has passed
    REMOVED = "removed"  # not applicable from now on
    RESTORED = "restored"  # an earlier amendment had removed it; it goes on where it stood
    CHANGED = "changed"  # its date, its lead or what is asked of it


@dataclass(frozen=True, slots=True)
class Standing:
    """A step of a running workflow. ``ledger``: oldest first. ``removed``: an earlier amendment made it not applicable."""

    step: StepState
    planned_on: date | None
    not_before: date | None
    flagged: bool
    ledger: tuple[Ledger, ...]
    removed: bool = False


@dataclass(frozen=True, slots=True)
class StepChange:
    """What becomes of one step. ``step_id`` is None for one that comes into being, which ``planned`` then describes.

    ``columns``: new values of `StepState` fields. ``dates``: (old, new) due date if it moves. ``leads``: (old, new) if it changes hands.
    ``what``: names of what else is asked otherwise from now on. ``status``: as it stands afterwards.
    """

    kind: Kind
    code: str
    slot: str
    lead: str
    status: WorkStatus
    step_id: int | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    ledger: Ledger | None = None
    dates: tuple[date | None, date | None] | None = None
    leads: tuple[str, str] | None = None
    what: tuple[str, ...] = ()
    planned: PlannedStep | None = None


@dataclass(frozen=True, slots=True)
class Stays:
    """A step that the amendment passes by, and why."""

    step_id: int
    code: str
    slot: str
    why: Text


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it for one workflow. ``estimates``: new ``planned_on`` by step id of steps without a date. ``opens``: (code, slot) that can
    open by it. ``same``: both versions say the same of this workflow, so that nothing but its version changes.
    """

    changes: tuple[StepChange, ...] = ()
    stays: tuple[Stays, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    estimates: Mapping[int, date] = field(default_factory=dict)
    opens: tuple[tuple[str, str], ...] = ()
    same: bool = False
