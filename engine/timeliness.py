"""The time axis of a step at an instant, and the columns derived for lists and for the sweep.

"Due 15/01" means until the end of that local day. Submitting stops the unit's clock but moves no date: submitted late stays late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.instants import end_of_day, start_of_day
from engine.statuses import UNFINISHED, VOID, Timeliness, WorkStatus

SOON_DAYS = 3  # calendar days; a default that the office may change
S = WorkStatus


@dataclass(frozen=True, slots=True)
class Clocks:
    """Columns derived from a step. ``due_at``: instant from which it is overdue (None while the unit's clock stands in time)."""

    due_at: datetime | None
    soon_at: datetime | None
    approval_due_at: datetime | None


def clocks(
    status: WorkStatus,
    due_on: date | None,
    *,
    submitted_on: date | None = None,
    suspended_on: date | None = None,
    approval_due_on: date | None = None,
    closed_on: date | None = None,
) -> Clocks:
    """The derived instants of a step in ``status``. Where its cycle was closed, every clock stopped on ``closed_on``."""
    approval = end_of_day(approval_due_on) if status is S.SUBMITTED and approval_due_on else None
    if due_on is None or status not in UNFINISHED:
        return Clocks(None, None, approval)
    stopped_on = {S.SUBMITTED: submitted_on, S.SUSPENDED: suspended_on}.get(status) or closed_on
    if stopped_on is not None:
        return Clocks(end_of_day(due_on) if stopped_on > due_on else None, None, approval)
    return Clocks(end_of_day(due_on), start_of_day(due_on - timedelta(days=SOON_DAYS)), approval)


def timeliness(
    status: WorkStatus, due_on: date | None, at: datetime, *, due_at: datetime | None, soon_at: datetime | None, submitted_on: date | None
) -> Timeliness:
    """The label of a step at the instant ``at`` (aware). Void steps have no deadline to keep."""
    if status in VOID or due_on is None:
        return Timeliness.NO_DEADLINE if status is not S.DONE else Timeliness.DONE_ON_TIME
    if status is S.DONE:
        return Timeliness.DONE_LATE if submitted_on is not None and submitted_on > due_on else Timeliness.DONE_ON_TIME
    if due_at is not None and due_at <= at:
        return Timeliness.OVERDUE
    if soon_at is not None and soon_at <= at:
        return Timeliness.DUE_SOON
    return Timeliness.WITHIN


def days_late(due_on: date | None, stopped_on: date | None, today: date) -> int:
    """Calendar days after ``due_on``, counted to the day the clock stopped or to ``today``; 0 when not late."""
    return max(0, ((stopped_on or today) - due_on).days) if due_on else 0
