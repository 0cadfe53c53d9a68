"""The time axis: until the end of the local day, and whose clock runs."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.instants import at_local, end_of_day, start_of_day
from engine.statuses import UNFINISHED, VOID, Timeliness, WorkStatus
from engine.timeliness import Clocks, clocks, days_late, timeliness

S, T = WorkStatus, Timeliness
DUE = date(2024, 1, 15)


def label(status: WorkStatus, at: datetime, *, due_on: date | None = DUE, submitted_on: date | None = None) -> Timeliness:
    """The label of a step whose derived columns are as its clocks say."""
    found = clocks(status, due_on, submitted_on=submitted_on)
    return timeliness(status, due_on, at, due_at=found.due_at, soon_at=found.soon_at, submitted_on=submitted_on)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (at_local(date(2024, 1, 1), 9), T.WITHIN),
        (at_local(date(2024, 1, 11), 23, 59), T.WITHIN),
        (at_local(date(2024, 1, 12), 0), T.DUE_SOON),  # three calendar days before
        (at_local(DUE, 9), T.DUE_SOON),
        (at_local(DUE, 23, 59), T.DUE_SOON),  # due that day means until its end, in Viet Nam
        (at_local(date(2024, 1, 16), 0), T.OVERDUE),
        (at_local(date(2024, 3, 1), 9), T.OVERDUE),
    ],
)
@pytest.mark.parametrize("status", [S.WAITING, S.OPEN, S.IN_PROGRESS, S.RETURNED, S.REFUSED])
def test_an_unfinished_step_is_within_soon_or_overdue(status: WorkStatus, at: datetime, expected: Timeliness) -> None:
    assert label(status, at) is expected


@pytest.mark.parametrize(
    ("submitted_on", "expected"), [(date(2024, 1, 10), T.DONE_ON_TIME), (DUE, T.DONE_ON_TIME), (date(2024, 1, 16), T.DONE_LATE)]
)
def test_done_on_time_is_when_the_approved_round_came_in_time(submitted_on: date, expected: Timeliness) -> None:
    assert label(S.DONE, at_local(date(2024, 2, 1), 9), submitted_on=submitted_on) is expected


@pytest.mark.parametrize("status", sorted(VOID))
def test_what_need_not_be_done_has_no_deadline_to_keep(status: WorkStatus) -> None:
    assert label(status, at_local(date(2024, 2, 1), 9)) is T.NO_DEADLINE


@pytest.mark.parametrize("status", sorted(UNFINISHED))
def test_without_a_date_nothing_is_late(status: WorkStatus) -> None:
    assert label(status, at_local(date(2030, 1, 1), 9), due_on=None) is T.NO_DEADLINE


def test_submitting_stops_the_clock_and_late_stays_late() -> None:
    later = at_local(date(2024, 2, 1), 9)
    assert label(S.SUBMITTED, later, submitted_on=DUE) is T.WITHIN
    assert label(S.SUBMITTED, later, submitted_on=date(2024, 1, 16)) is T.OVERDUE


@pytest.mark.parametrize(
    ("status", "more", "expected"),
    [
        (S.OPEN, {}, Clocks(end_of_day(DUE), start_of_day(date(2024, 1, 12)), None)),
        (S.DONE, {}, Clocks(None, None, None)),
        (S.SUSPENDED, {"suspended_on": DUE}, Clocks(None, None, None)),
        (S.SUSPENDED, {"suspended_on": date(2024, 1, 20)}, Clocks(end_of_day(DUE), None, None)),
        (
            S.SUBMITTED,
            {"submitted_on": DUE, "approval_due_on": date(2024, 1, 18)},
            Clocks(None, None, end_of_day(date(2024, 1, 18))),
        ),
        (S.OPEN, {"approval_due_on": date(2024, 1, 18)}, Clocks(end_of_day(DUE), start_of_day(date(2024, 1, 12)), None)),
    ],
)
def test_the_columns_that_lists_and_the_sweep_use(status: WorkStatus, more: dict[str, date], expected: Clocks) -> None:
    assert clocks(status, DUE, **more) == expected


@pytest.mark.parametrize(
    ("due_on", "stopped_on", "today", "late"),
    [
        (DUE, None, DUE, 0),
        (DUE, None, date(2024, 1, 18), 3),  # calendar days
        (DUE, date(2024, 1, 16), date(2024, 2, 1), 1),
        (DUE, date(2024, 1, 10), date(2024, 2, 1), 0),
        (None, None, date(2024, 2, 1), 0),
    ],
)
def test_days_late(due_on: date | None, stopped_on: date | None, today: date, late: int) -> None:
    assert days_late(due_on, stopped_on, today) == late
