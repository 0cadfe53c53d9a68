"""On which mornings around a date somebody is reminded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import WorkCalendar
from engine.instants import at_local, local_day
from engine.ladder import APPROVAL_LADDER, DUE_LADDER, Due, Ladders, ladders, next_after, rungs_between
from engine.rungs import Rung, parse_at, rung

TET = frozenset(date(2024, 2, 8) + timedelta(days=n) for n in range(7))
CALENDAR = WorkCalendar(off=TET)
THURSDAY = date(2024, 3, 14)
LONG = timedelta(days=60)


def days(due_on: date, *, until: date, since: date | None = None) -> list[tuple[str, date]]:
    """(rung, its day) from ``since`` to ``until``."""
    start = at_local(since or due_on - LONG, 0)
    return [(due.key, local_day(due.at)) for due in rungs_between(DUE_LADDER, due_on, start, at_local(until, 23), CALENDAR)]


def test_the_default_ladder_around_a_thursday() -> None:
    assert days(THURSDAY, until=date(2024, 4, 9)) == [
        ("D-7", date(2024, 3, 5)),
        ("D-3", date(2024, 3, 11)),
        ("D-1", date(2024, 3, 13)),
        ("D", THURSDAY),
        ("D+1", date(2024, 3, 15)),
        ("D+3", date(2024, 3, 19)),
        ("D+3-head", date(2024, 3, 19)),
        ("D+7", date(2024, 3, 25)),
        ("D+7-agency", date(2024, 3, 25)),
        ("D+7/1", date(2024, 4, 1)),  # then every week
        ("D+14-committee", date(2024, 4, 3)),
        ("D+7/2", date(2024, 4, 8)),
    ]


def test_days_off_are_not_counted() -> None:
    found = dict(days(date(2024, 2, 6), until=date(2024, 2, 29)))
    assert (found["D+1"], found["D+3"]) == (date(2024, 2, 7), date(2024, 2, 16))


def test_a_date_on_a_day_off_is_reminded_of_on_the_working_day_before() -> None:
    assert dict(days(date(2024, 3, 17), until=date(2024, 3, 17)))["D"] == date(2024, 3, 15)


def test_above_the_unit_nothing_is_sent_by_itself() -> None:
    assert {r.code for r in DUE_LADDER if r.proposed} == {"D+7-agency", "D+14-committee"}
    assert not [r for r in (*DUE_LADDER, *APPROVAL_LADDER) if r.audience in ("agency", "committee") and r.told != "agency"]


def test_calendar_days_are_written_apart_and_move_to_a_working_morning() -> None:
    """Tết is off: what precedes it comes before, what follows comes after."""
    own = (written("D-4d"), written("D+2d"), written("D+2wd"))
    found = rungs_between(own, date(2024, 2, 14), at_local(date(2024, 1, 1), 0), at_local(date(2024, 3, 1), 0), CALENDAR)
    assert [(due.key, local_day(due.at)) for due in found] == [
        ("D-4d", date(2024, 2, 7)),
        ("D+2", date(2024, 2, 16)),
        ("D+2d", date(2024, 2, 16)),
    ]


@pytest.mark.parametrize("text", ["", "D-", "D-3", "E+1wd", "D+1w", "D - 3wd", "T-3wd", "D+401wd", "D+1wd extra"])
def test_what_is_no_rung_is_none(text: str) -> None:
    assert parse_at(text) is None


def test_the_nearest_ladder_counts_for_the_clocks_that_it_names() -> None:
    own, confirming = (written("D+5wd"),), (written("A+9wd"),)
    assert ladders([None, None]) == Ladders()
    assert ladders([own, None, confirming]) == Ladders(own, confirming)
    assert ladders([own, confirming, (written("D"),)]) == Ladders((written("D"),), confirming)
    assert ladders([own, ()]) == Ladders((), ())


def written(at_: str, tell: str = "") -> Rung:
    found = parse_at(at_)
    assert found
    return rung(found, tell)


@pytest.mark.parametrize("ladder", [DUE_LADDER, APPROVAL_LADDER])
def test_rungs_have_names_of_their_own(ladder: tuple[Rung, ...]) -> None:
    assert len({r.code for r in ladder}) == len(ladder)


@given(st.dates(date(2023, 1, 1), date(2025, 12, 31)), st.integers(0, 200))
def test_every_rung_falls_on_a_working_morning(due_on: date, span: int) -> None:
    for due in rungs_between(DUE_LADDER, due_on, at_local(due_on - LONG, 0), at_local(due_on + timedelta(days=span), 0), CALENDAR):
        assert CALENDAR.is_working(local_day(due.at))
        assert due.at == at_local(local_day(due.at), 7, 30)


@given(st.dates(date(2023, 1, 1), date(2025, 12, 31)), st.lists(st.integers(1, 9), min_size=1, max_size=20))
def test_looking_often_or_seldom_finds_the_same_rungs(due_on: date, pauses: list[int]) -> None:
    """What the sweep does: look from the instant after the last look on, as often as it likes."""
    start = at_local(due_on - LONG, 0)
    at, found = start, list[Due]()
    for pause in pauses:
        until = at + timedelta(days=pause)
        found += rungs_between(DUE_LADDER, due_on, at, until, CALENDAR)
        at = until + timedelta(microseconds=1)
    whole = rungs_between(DUE_LADDER, due_on, start, at - timedelta(microseconds=1), CALENDAR)
    assert sorted(d.key for d in found) == sorted(d.key for d in whole)
    assert len({d.key for d in whole}) == len(whole)


@given(st.dates(date(2023, 1, 1), date(2025, 12, 31)), st.integers(-60, 60))
def test_the_next_instant_is_that_of_the_first_rung_to_come(due_on: date, shift: int) -> None:
    after = at_local(due_on + timedelta(days=shift), 12)
    following = next_after(DUE_LADDER, due_on, after, CALENDAR)
    assert following is not None and following > after  # weekly without end
    found = rungs_between(DUE_LADDER, due_on, after + timedelta(microseconds=1), following, CALENDAR)
    assert {d.at for d in found} == {following}
