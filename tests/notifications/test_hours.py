"""Nothing leaves at night or on days off."""

from datetime import date, timedelta

import pytest

from engine.calendar import WorkCalendar
from engine.instants import at_local
from notifications.hours import OfficeHours

SATURDAY, MONDAY, TET = date(2024, 7, 27), date(2024, 7, 29), date(2024, 2, 12)
HOURS = OfficeHours(WorkCalendar(off=frozenset({TET}), make_up=frozenset({date(2024, 5, 4)})))


@pytest.mark.parametrize(
    ("hour", "minute", "open_"), [(6, 59, False), (7, 0, True), (12, 0, True), (18, 0, True), (18, 1, False), (23, 59, False)]
)
def test_mail_leaves_between_seven_and_six(hour, minute, open_):
    assert HOURS.open_at(at_local(MONDAY, hour, minute)) is open_


def test_the_last_minute_is_whole():
    assert HOURS.open_at(at_local(MONDAY, 18) + timedelta(seconds=59))


@pytest.mark.parametrize("day", [SATURDAY, TET])
def test_nothing_leaves_on_a_day_off(day):
    assert not HOURS.open_at(at_local(day, 9))


def test_a_saturday_that_is_worked_counts():
    assert HOURS.open_at(at_local(date(2024, 5, 4), 9))


def test_the_gathered_mail_waits_for_half_past_seven():
    assert not HOURS.digest_at(at_local(MONDAY, 7, 29))
    assert HOURS.digest_at(at_local(MONDAY, 7, 30))
    assert not HOURS.digest_at(at_local(SATURDAY, 7, 30))
