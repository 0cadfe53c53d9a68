"""The calendar feed: what stands in it, that calendar programs understand it, and who may read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from engine.errors import NotFound
from models.database import Database
from services.feeds import feed_of, issue, issued_at, stop
from tests.factories import OFFICER, district, festival
from tests.services.mailing import Mailing

BASE = "https://dondoc.example.vn"
DISTRICT = 201


@pytest.fixture
def mailing(db: Database) -> Mailing:
    return Mailing(db)


def read(mailing: Mailing, token: str) -> Any:
    found = Calendar.from_ical(feed_of(mailing.db, token, now=mailing.now(), base_url=BASE).body)
    assert not found.errors and all(not part.errors for part in found.walk())
    return found


def test_an_open_step_is_a_task_and_an_all_day_event(mailing: Mailing) -> None:
    calendar = read(mailing, issue(mailing.db, DISTRICT, now=mailing.now()))
    (todo,), (event,) = calendar.walk("VTODO"), calendar.walk("VEVENT")
    step = mailing.step("gop-y", "huyen-01")
    assert (todo["due"].dt, event["dtstart"].dt, event["dtend"].dt) == (step["due_on"], step["due_on"], step["due_on"] + timedelta(days=1))
    assert type(todo["due"].dt) is date
    assert (todo["uid"], event["uid"]) == (f"step-{step['id']}-todo@dondoc.local", f"step-{step['id']}-day@dondoc.local")
    assert todo["url"] == event["url"] == f"{BASE}/steps/{step['id']}"
    assert (todo["status"], event["status"], event["transp"]) == ("NEEDS-ACTION", "CONFIRMED", "TRANSPARENT")
    assert "bước" in todo["summary"] and "Chưa thực hiện" in todo["description"]
    for part in (todo, event):
        days = [alarm["trigger"].dt for alarm in part.walk("VALARM")]
        assert days == [timedelta(days=-3, hours=8), timedelta(days=-1, hours=8)]


def test_taking_it_on_changes_the_status_and_the_instant(mailing: Mailing) -> None:
    token = issue(mailing.db, DISTRICT, now=mailing.now())
    before = read(mailing, token).walk("VTODO")[0]
    mailing.day += timedelta(days=1)
    mailing.act(district(1), "accept", "gop-y", "huyen-01")
    after = read(mailing, token).walk("VTODO")[0]
    assert after["status"] == "IN-PROCESS" and after["uid"] == before["uid"]
    assert after["last-modified"].dt > before["last-modified"].dt


def test_a_new_date_grows_the_sequence(mailing: Mailing) -> None:
    token = issue(mailing.db, DISTRICT, now=mailing.now())
    before = read(mailing, token).walk("VEVENT")[0]
    mailing.act(district(1), "request-extension", "gop-y", "huyen-01", payload={"until": "2024-08-30", "reason": "mưa"})
    mailing.act(OFFICER, "grant-extension", "gop-y", "huyen-01", payload={"until": "2024-08-30", "document": "1/QĐ"})
    after = read(mailing, token).walk("VEVENT")[0]
    assert after["dtstart"].dt == date(2024, 8, 30)
    assert after["sequence"] > before["sequence"] and after["uid"] == before["uid"]


def test_what_is_handed_in_leaves_the_feed_and_enters_the_approvers(mailing: Mailing) -> None:
    lead, approver = (issue(mailing.db, account, now=mailing.now()) for account in (101, 103))
    mailing.act(OFFICER, "submit", "ke-hoach", payload={"evidence": {"kh": {"number": "12/KH", "date": "2024-06-01"}}})
    assert not [t for t in read(mailing, lead).walk("VTODO") if "approval" not in t["uid"] and "ke-hoach" in t["uid"]]
    (todo,) = read(mailing, approver).walk("VTODO")
    step = mailing.step("ke-hoach")
    assert todo["uid"].startswith(f"step-{step['id']}-approval") and todo["summary"].startswith("Duyệt: ")
    assert todo["due"].dt == step["approval_due_on"]


def test_the_same_steps_give_the_same_bytes(mailing: Mailing) -> None:
    token = issue(mailing.db, DISTRICT, now=mailing.now())
    first = feed_of(mailing.db, token, now=mailing.now(), base_url=BASE)
    mailing.day += timedelta(days=3)
    again = feed_of(mailing.db, token, now=mailing.now(), base_url=BASE)
    assert (first.body, first.tag) == (again.body, again.tag) and first.changed_at is not None


def test_confidential_work_shows_its_number_alone(db: Database) -> None:
    plan = festival()
    key_task = plan.key_tasks[0]
    hidden = replace(key_task, workflows=tuple(replace(w, confidential=True) for w in key_task.workflows))
    mailing = Mailing(db, definition=replace(plan, key_tasks=(hidden,)))
    token = issue(db, DISTRICT, now=mailing.now())
    (todo,) = read(mailing, token).walk("VTODO")
    step = hidden.workflows[0].steps
    assert "bước" in todo["summary"]
    body = feed_of(db, token, now=mailing.now(), base_url=BASE).body.decode().replace("\r\n ", "")
    assert not [s.code for s in step if s.title.vi in body]


def test_a_new_address_ends_the_old_one_and_stopping_ends_it_for_good(mailing: Mailing) -> None:
    first = issue(mailing.db, DISTRICT, now=mailing.now())
    second = issue(mailing.db, DISTRICT, now=mailing.now())
    assert first != second and issued_at(mailing.db, DISTRICT) == mailing.now().system
    read(mailing, second)
    stop(mailing.db, DISTRICT)
    for dead in (first, second, "", "x" * 43):
        with pytest.raises(NotFound):
            read(mailing, dead)


@pytest.mark.parametrize("change", [{"active": False}, {"left_on": date(2024, 5, 1)}])
def test_who_has_left_reads_nothing(mailing: Mailing, change: dict[str, Any]) -> None:
    token = issue(mailing.db, DISTRICT, now=mailing.now())
    mailing.change_account(DISTRICT, **change)
    with pytest.raises(NotFound):
        read(mailing, token)
