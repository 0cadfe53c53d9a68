"""Working days: counting, and moving off days off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import WorkCalendar
from engine.definition import CalendarOverride, Shift

FIRST, LAST = date(2022, 1, 1), date(2025, 12, 31)
days = st.dates(FIRST, LAST)
calendars = st.builds(WorkCalendar, off=st.frozensets(days, max_size=60), make_up=st.frozensets(days, max_size=20))
counts = st.integers(-60, 60)

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2024, 7, 19) + timedelta(days=i) for i in range(4))


def test_weekends_are_off_and_make_up_days_are_worked():
    calendar = WorkCalendar(off=frozenset({MONDAY}), make_up=frozenset({SATURDAY}))
    assert [calendar.is_working(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [True, True, False, False]


def test_a_day_both_off_and_made_up_is_off():
    assert not WorkCalendar(frozenset({SATURDAY}), frozenset({SATURDAY})).is_working(SATURDAY)


@pytest.mark.parametrize(("n", "day"), [(1, MONDAY), (0, SATURDAY), (-1, FRIDAY)])
def test_the_day_counted_from_is_never_counted(n, day):
    assert WorkCalendar().add(SATURDAY, n) == day


@pytest.mark.parametrize(("shift", "day"), [(Shift.NEXT, MONDAY), (Shift.PREVIOUS, FRIDAY), (Shift.NONE, SATURDAY)])
def test_a_shift_leaves_a_day_off_in_its_direction(shift, day):
    assert WorkCalendar().shift(SATURDAY, shift) == day


@given(calendars, days, counts)
def test_between_is_the_inverse_of_add(calendar, day, n):
    assert calendar.between(day, calendar.add(day, n)) == n


@given(calendars, days, counts.filter(bool))
def test_counting_ends_on_a_working_day(calendar, day, n):
    assert calendar.is_working(calendar.add(day, n))


@given(calendars, days, days, days)
def test_working_days_add_up_along_a_line(calendar, a, b, c):
    a, b, c = sorted((a, b, c))
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert 0 <= calendar.between(a, c) <= (c - a).days


@given(calendars, days, st.sampled_from([Shift.NEXT, Shift.PREVIOUS]))
def test_a_shifted_day_is_worked_and_nothing_worked_was_passed_over(calendar, day, shift):
    moved = calendar.shift(day, shift)
    assert calendar.is_working(moved)
    first, last = sorted((day, moved))
    passed = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    assert not any(calendar.is_working(d) for d in passed if d != moved)
    assert calendar.shift(moved, shift) == moved


@given(calendars, days, st.booleans())
def test_an_override_decides_its_day_and_no_other(calendar, day, working):
    changed = calendar.with_overrides([CalendarOverride(day, not working, "a"), CalendarOverride(day, working, "b")])
    assert changed.is_working(day) is working
    others = [FIRST + timedelta(days=i) for i in range(0, (LAST - FIRST).days, 7) if FIRST + timedelta(days=i) != day]
    assert all(changed.is_working(d) == calendar.is_working(d) for d in others)
