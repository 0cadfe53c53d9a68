"""What is typed for a change of the calendar: every mistake at its field, nothing of it recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.calendar import WorkCalendar
from engine.calendar_proposal import Proposal, additions, removal
from engine.definition import CalendarOverride
from engine.errors import InvalidFields

HOLIDAY = date(2026, 1, 1)
CALENDAR = WorkCalendar(off=frozenset({HOLIDAY}))
ISSUED, FAR = date(2022, 7, 28), date(2034, 12, 31)
DOCUMENT = "Thông báo 25/12/2025"


def read(**form: Any) -> Proposal:
    return additions({"document": DOCUMENT, **form}, calendar=CALENDAR, earliest=ISSUED, latest=FAR)


def problems(**form: Any) -> dict[str, str]:
    with pytest.raises(InvalidFields) as found:
        read(**form)
    assert all(text.vi and text.en for text in found.value.problems.values())
    return {name: text.en for name, text in found.value.problems.items()}


def test_a_swap_is_a_day_off_and_a_make_up_day_by_one_document():
    assert read(off_from="2026-01-02", make_up="2026-01-10") == Proposal(
        (CalendarOverride(date(2026, 1, 2), False, DOCUMENT), CalendarOverride(date(2026, 1, 10), True, DOCUMENT)), (), DOCUMENT
    )


def test_of_a_holiday_only_the_days_that_are_worked_become_days_off():
    days = read(off_from="2025-12-31", off_to="2026-01-05").days
    assert [day.day for day in days] == [date(2025, 12, 31), date(2026, 1, 2), date(2026, 1, 5)]


def test_several_make_up_days_stand_in_one_line():
    assert [day.day.day for day in read(make_up="2026-01-10, 2026-01-17,").days] == [10, 17]


def test_a_public_holiday_can_be_worked():
    assert read(make_up="2026-01-01").days[0].working


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "off_from"),
        ({"off_from": "ngày mai"}, "off_from"),
        ({"off_from": "2026-02-30"}, "off_from"),
        ({"off_from": "2026-01-01"}, "off_from"),  # off already
        ({"off_from": "2026-01-03", "off_to": "2026-01-04"}, "off_from"),  # a weekend
        ({"off_to": "2026-01-05"}, "off_from"),  # a last day without a first
        ({"off_from": "2026-01-05", "off_to": "2026-01-02"}, "off_to"),  # ends before it starts
        ({"off_from": "2026-01-05", "off_to": "2026-03-02"}, "off_to"),
        ({"off_from": "2022-07-27"}, "off_from"),  # before the plan was issued
        ({"off_from": "2062-01-02"}, "off_from"),
        ({"make_up": "2026-01-05"}, "make_up"),  # worked already
        ({"make_up": "2026-01-10, x"}, "make_up"),
        ({"make_up": "2022-07-23"}, "make_up"),
        ({"off_from": "2026-01-02", "make_up": "2026-01-02"}, "make_up"),  # off and made up
        ({"make_up": ",".join(f"{date(2026, 1, 10) + timedelta(days=7 * n)}" for n in range(11))}, "make_up"),
        ({"off_from": "2026-01-02", "document": " "}, "document"),
        ({"off_from": "2026-01-02", "document": "a\x00b"}, "document"),
        ({"off_from": "2026-01-02", "document": "ă" * 301}, "document"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(form: dict[str, Any], field: str):
    assert list(problems(**form)) == [field]


def test_everything_wrong_is_said_at_once():
    assert problems(off_from="2026-01-05", off_to="2026-01-02", make_up="2026-01-12", document="").keys() == {
        "off_to",
        "make_up",
        "document",
    }


def test_only_a_recorded_day_can_be_taken_back():
    form = {"day": "2026-01-02", "document": DOCUMENT}
    assert removal(form, recorded=frozenset({date(2026, 1, 2)})) == Proposal((), (date(2026, 1, 2),), DOCUMENT)
    for wrong, field in (({**form, "day": "2026-01-05"}, "day"), ({**form, "day": ""}, "day"), ({**form, "document": ""}, "document")):
        with pytest.raises(InvalidFields) as found:
            removal(wrong, recorded=frozenset({date(2026, 1, 2)}))
        assert list(found.value.problems) == [field]
