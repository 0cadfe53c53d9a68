"""A notice stands in the inbox of everybody who hears it, at once, whatever becomes of the mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from engine.access import Actor
from models.database import Database
from models.tables import inbox_entry, membership
from services.due_mail import mail_is_due
from services.inbox import mark_read, post
from services.queries.inbox import InboxPage, inbox_page, unread_count
from services.sweep import sweep
from tests.factories import CALENDAR, OFFICER, OTHER_OFFICER, district, festival
from tests.services.mailing import HOURS, Mailing

SUNDAY = date(2024, 5, 5)


@pytest.fixture
def mailing(db: Database) -> Mailing:
    return Mailing(db)


def inbox(mailing: Mailing, viewer: Actor, **more: object) -> InboxPage:
    return inbox_page(mailing.db, viewer, mailing.now(), **more)  # type: ignore[arg-type]


def kinds(mailing: Mailing, viewer: Actor) -> list[str]:
    return [line.kind for line in inbox(mailing, viewer).lines]


def test_at_night_a_notice_is_in_the_inbox_and_mail_waits(mailing: Mailing) -> None:
    assert mail_is_due(mailing.db, now=mailing.now(23), hours=HOURS)
    assert post(mailing.db, now=mailing.now(23)) > 0
    assert kinds(mailing, district(1)) == ["assigned"]
    assert mailing.messages() == []
    assert not mail_is_due(mailing.db, now=mailing.now(23), hours=HOURS)


def test_on_a_day_off_too(mailing: Mailing) -> None:
    mailing.day = SUNDAY
    mailing.act(district(1), "submit", "gop-y", "huyen-01")
    post(mailing.db, now=mailing.now(10))
    assert mailing.expand(10).messages == 0
    assert "assigned" in kinds(mailing, district(2))


def test_reminders_are_there_before_they_are_gathered(mailing: Mailing) -> None:
    mailing.day = date(2024, 7, 30)
    sweep(mailing.db, now=mailing.now(6), calendar=CALENDAR)
    post(mailing.db, now=mailing.now(6))
    assert kinds(mailing, district(1))[0] == "due-soon"
    assert mailing.messages() == []


def test_posting_twice_and_by_two_at_once_makes_each_entry_once(mailing: Mailing) -> None:
    threads = [Thread(target=post, args=(mailing.db,), kwargs={"now": mailing.now()}) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert post(mailing.db, now=mailing.now()) == 0
    assert kinds(mailing, district(1)) == ["assigned"]


def test_what_is_mailed_without_having_been_posted_is_posted_on_the_way(mailing: Mailing) -> None:
    mailing.expand()
    mailing.gather()
    assert kinds(mailing, district(1)) == ["assigned"]
    assert post(mailing.db, now=mailing.now()) == 0


def test_nobody_reads_or_marks_what_others_were_told(mailing: Mailing) -> None:
    post(mailing.db, now=mailing.now())
    mine = inbox(mailing, district(1)).lines[0]
    assert mine.path == f"/steps/{mailing.step('gop-y', 'huyen-01')['id']}"
    assert mark_read(mailing.db, OTHER_OFFICER, now=mailing.now(), notice_ids=[mine.notice_id]) == 0
    assert unread_count(mailing.db, district(1)) == 1
    assert kinds(mailing, OTHER_OFFICER) == []


def test_who_has_left_a_unit_does_not_go_on_reading_what_it_was_told(mailing: Mailing) -> None:
    post(mailing.db, now=mailing.now())
    moved = Actor(201, "moved", district(2).memberships)
    with mailing.db.write() as connection:
        connection.execute(membership.update().where(membership.c.account_id == 201).values(unit="huyen-02"))
    assert (kinds(mailing, moved), unread_count(mailing.db, moved)) == ([], 0)


def test_one_and_all_are_marked_as_read(mailing: Mailing) -> None:
    post(mailing.db, now=mailing.now())
    before = inbox(mailing, OFFICER)
    assert before.unread == before.total == len(before.lines) > 0
    assert mark_read(mailing.db, OFFICER, now=mailing.now(), notice_ids=[before.lines[0].notice_id]) == 1
    assert unread_count(mailing.db, OFFICER) == before.unread - 1
    assert mark_read(mailing.db, OFFICER, now=mailing.now()) == before.unread - 1
    assert inbox(mailing, OFFICER, unread_only=True).lines == ()
    assert inbox(mailing, OFFICER).total == before.total


def test_a_newer_reminder_speaks_for_an_unread_older_one(mailing: Mailing) -> None:
    mailing.morning(date(2024, 7, 26))
    mailing.morning(date(2024, 7, 30))
    mailing.morning(date(2024, 8, 1))
    found = inbox(mailing, district(1))
    assert [(line.kind, line.read) for line in found.lines[:3]] == [("overdue", False), ("due-soon", True), ("due-soon", True)]


def test_what_asks_for_nothing_any_more_says_why(mailing: Mailing) -> None:
    post(mailing.db, now=mailing.now())
    mailing.act(district(1), "submit", "gop-y", "huyen-01")
    line = inbox(mailing, district(1)).lines[-1]
    assert "chờ xác nhận" in line.gone.vi.lower() or "đã hoàn thành" in line.gone.vi.lower()
    assert line.gone.en


def test_a_confidential_workflow_shows_its_number_alone(db: Database) -> None:
    plan = festival()
    key_task = plan.key_tasks[0]
    hidden = replace(key_task, workflows=tuple(replace(w, confidential=True) for w in key_task.workflows))
    mailing = Mailing(db, definition=replace(plan, key_tasks=(hidden,)))
    post(db, now=mailing.now())
    line = inbox(mailing, district(1)).lines[0]
    assert (line.title.vi, line.note) == ("", "") and line.place.vi


def test_the_list_goes_on_over_pages_newest_first(mailing: Mailing) -> None:
    for n in range(35):
        mailing.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": f"lần {n}"})
    post(mailing.db, now=mailing.now())
    first, second = (inbox(mailing, district(1), number=n) for n in (1, 2))
    assert (first.pages, len(first.lines), len(second.lines)) == (2, 30, 6)
    assert first.lines[0].note == "lần 34" and second.lines[-1].kind == "assigned"
    assert inbox(mailing, district(1), number=99).number == 2


def test_entries_are_dated_by_business_time(mailing: Mailing) -> None:
    post(mailing.db, now=mailing.now(later=timedelta(days=400)))
    with mailing.db.read() as connection:
        assert {row.posted_at for row in connection.execute(select(inbox_entry.c.posted_at))} == {mailing.now().business}
