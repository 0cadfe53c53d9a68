"""What stays and what follows when the calendar changes: named dates, suspensions, approvals, reminders, days taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from engine.access import SYSTEM
from engine.definition import CalendarOverride
from models.database import Database
from models.tables import calendar_day, notice
from services.calendar_settle import settle
from services.publish import publish
from services.sweep import sweep
from services.working_days import keep_calendar
from tests.factories import OFFICER, at, district
from tests.services.calendar_office import DUE, Office
from tests.services.test_act import NUMBERED


@pytest.fixture
def office(db: Database) -> Office:
    return Office(db)


def test_chosen_days_and_granted_extensions_stay(office: Office) -> None:
    office.act(district(1), "request-extension", "gop-y", "huyen-01", payload={"until": "2024-08-02", "reason": "mưa lũ"})
    office.act(OFFICER, "grant-extension", "gop-y", "huyen-01", payload={"until": "2024-08-02"})
    preview = office.propose(off_from="2024-07-31", off_to="2024-08-02")
    assert {line.lead for line in preview.lines} == {"huyen-02", "huyen-03"}
    office.apply(off_from="2024-07-31", off_to="2024-08-02")
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 2)
    assert office.step("gop-y", "huyen-02")["due_on"] == date(2024, 8, 5)


def test_a_day_taken_back_brings_the_dates_back(office: Office) -> None:
    office.apply(off_from="2024-07-31")
    assert office.remove(date(2024, 7, 31)).moved == 3
    assert office.step("gop-y", "huyen-01")["due_on"] == DUE
    assert [line["kind"] for line in office.ledger("gop-y", "huyen-01")] == ["original", "shift", "shift"]
    assert office.calendar.is_working(date(2024, 7, 31))


def test_a_suspended_step_gets_its_days_again_after_a_change(office: Office) -> None:
    office.day = date(2024, 7, 1)
    office.act(OFFICER, "suspend", "gop-y", "huyen-01", payload={"reason": "chờ"})
    office.day = date(2024, 7, 4)
    office.act(OFFICER, "resume", "gop-y", "huyen-01")  # three working days: 05/08
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 5)
    office.apply(off_from="2024-08-01")
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 6)
    settle(office.db, now=office.now(), calendar=office.calendar)
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 6)


def test_the_approvers_date_moves_from_the_day_the_link_began(office: Office) -> None:
    office.day = date(2024, 6, 18)
    office.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    assert office.step("ke-hoach")["approval_due_on"] == date(2024, 6, 21)
    preview = office.propose(off_from="2024-06-19")
    assert [(line.kind, line.old, line.new) for line in preview.lines] == [("approval", date(2024, 6, 21), date(2024, 6, 24))]
    office.apply(off_from="2024-06-19", seen=preview.seen)
    assert office.step("ke-hoach")["approval_due_on"] == date(2024, 6, 24)
    assert [n["audience"] for n in office.notices(kind="approval-shifted")] == ["approver"]


def test_a_reminder_that_falls_on_an_earlier_day_now_is_sent_then(office: Office) -> None:
    own = office.step("ke-hoach")["id"]  # due on Thursday 20/06
    office.day = date(2024, 6, 12)
    sweep(office.db, now=office.now(), calendar=office.calendar)  # three working days before are on Monday 17/06
    office.apply(off_from="2024-06-18", off_to="2024-06-19")
    assert office.step("ke-hoach")["due_on"] == date(2024, 6, 20)
    sweep(office.db, now=office.now(), calendar=office.calendar)
    assert "D-3" not in {n["rung"] for n in office.notices(step_id=own)}
    sweep(office.db, now=at(date(2024, 6, 13), 8), calendar=office.calendar)  # now they are on Thursday 13/06
    assert "D-3" in {n["rung"] for n in office.notices(step_id=own)}


def test_a_reminder_that_falls_on_a_later_day_now_is_not_sent_again(office: Office) -> None:
    own = office.step("gop-y", "huyen-01")["id"]
    sweep(office.db, now=at(date(2024, 7, 26), 8), calendar=office.calendar)  # Friday: three working days are left
    office.day = date(2024, 7, 26)
    office.apply(make_up="2024-07-27")  # from Saturday it would be three once more
    for day in (27, 29, 30, 31):
        sweep(office.db, now=at(date(2024, 7, day), 8), calendar=office.calendar)
    assert sorted(n["rung"] for n in office.notices(step_id=own) if n["rung"]) == ["D", "D-1", "D-3", "D-7"]


def test_a_library_proposes_and_the_office_keeps(office: Office) -> None:
    holiday = CalendarOverride(date(2024, 9, 2), False, "thư viện")
    office.proposed = (holiday,)
    assert not office.calendar.is_working(holiday.day)
    assert keep_calendar(office.db, office.proposing, now=office.now())
    assert not keep_calendar(office.db, office.proposing, now=office.now())
    office.proposed = (holiday, CalendarOverride(date(2024, 7, 31), False, "bản mới của thư viện"))
    assert not office.calendar.is_working(holiday.day)
    assert office.calendar.is_working(date(2024, 7, 31))  # another release moves nothing by itself
    with office.db.read() as connection:
        rows = connection.execute(select(calendar_day.c.day, calendar_day.c.source)).all()
    assert [tuple(row) for row in rows] == [(holiday.day, "library")]


def test_a_day_of_the_library_that_the_office_overruled_stands_again_when_that_is_taken_back(office: Office) -> None:
    holiday = CalendarOverride(date(2024, 7, 31), False, "thư viện")
    office.proposed = (holiday,)
    keep_calendar(office.db, office.proposing, now=office.now())
    office.apply(make_up="2024-07-31")
    assert office.calendar.is_working(holiday.day)
    office.remove(holiday.day)
    assert not office.calendar.is_working(holiday.day)


def test_what_a_plan_brings_counts_for_plans_that_run_already(office: Office) -> None:
    other = replace(office.definition, number="2/KH-TEST", calendar=(CalendarOverride(DUE, False, "2/KH-TEST"),))
    publish(office.db, other, now=office.now(), actor=SYSTEM)
    assert settle(office.db, now=office.now(), calendar=office.calendar) == 3
    assert office.step("gop-y", "huyen-01")["due_on"] == date(2024, 8, 1)


def test_nothing_else_is_told(office: Office) -> None:
    with office.db.read() as connection:
        known = set(connection.execute(select(notice.c.key)).scalars())
    office.apply(off_from="2024-07-31")
    new = [n for n in office.notices() if n["key"] not in known]
    assert [(n["kind"], n["audience"], n["urgency"]) for n in new] == [("due-shifted", "lead", "digest")] * 3
