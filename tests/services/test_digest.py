"""Reminders are gathered: one mail a person and day, the worst first, and what could not leave does not pile up."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Thread

import pytest

from models.database import Database
from notifications.keys import digest_key
from services.sweep import sweep
from tests.factories import CALENDAR, OFFICER, district, person
from tests.services.mailing import Mailing

MONDAY = date(2024, 7, 22)  # D-7 of the comments due on 31/07


@pytest.fixture
def mailing(db: Database) -> Mailing:
    made = Mailing(db)
    made.morning(date(2024, 5, 2))
    return made


def swept(mailing: Mailing, day: date) -> None:
    mailing.day = day
    sweep(mailing.db, now=mailing.now(), calendar=CALENDAR)


def digests(mailing: Mailing, account: int) -> list[tuple[str, str]]:
    return [(m["key"], m["state"]) for m in mailing.messages(kind="digest", account_id=account)]


def test_a_days_reminders_are_one_mail_a_person(mailing: Mailing) -> None:
    mailing.morning(MONDAY)
    found = [m for m in mailing.messages(kind="digest") if m["key"].endswith(str(MONDAY))]
    assert [m["key"] for m in found] == [digest_key(a, MONDAY) for a in (101, 201, 202, 203)]
    assert {m["state"] for m in found} == {"sent"}
    late = next(m for m in found if m["account_id"] == 101)
    assert late["subject"] == "22/07/2024: 1 việc quá hạn, 1 việc chờ quyết định"


def test_gathering_twice_a_day_makes_no_second_mail(mailing: Mailing) -> None:
    mailing.morning(MONDAY)
    before = len(mailing.messages())
    mailing.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": "nhắc"})
    assert mailing.gather(hour=15).messages == 0
    mailing.deliver(hour=15)
    assert len(mailing.messages()) == before
    mailing.day += timedelta(days=1)
    assert mailing.gather().messages == 1
    assert mailing.messages()[-1]["data"]["items"][0]["note"] == "nhắc"


def test_nothing_is_gathered_before_half_past_seven_or_on_a_day_off(mailing: Mailing) -> None:
    swept(mailing, MONDAY)
    assert mailing.gather(hour=7).messages == 0
    mailing.day = date(2024, 7, 27)
    assert mailing.gather().messages == 0


def test_the_worst_comes_first(mailing: Mailing) -> None:
    mailing.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": "tin"})
    mailing.morning(date(2024, 8, 1))
    items = mailing.messages(kind="digest", account_id=201)[-1]["data"]["items"]
    assert [i["kind"] for i in items] == ["overdue", "commented"]


def test_a_submitted_step_is_reminded_of_no_more(mailing: Mailing) -> None:
    swept(mailing, MONDAY)
    mailing.act(district(1), "submit", "gop-y", "huyen-01")
    mailing.gather()
    assert not [m for m in mailing.messages(kind="digest", account_id=201) if m["key"].endswith(str(MONDAY))]
    assert len(digests(mailing, 202)) == 1
    step_id = mailing.step("gop-y", "huyen-01")["id"]
    assert [(n["state"], n["reason"]) for n in mailing.notices(kind="due-soon", step_id=step_id)] == [("cancelled", "status:done")]


def test_a_changed_date_makes_the_old_rung_fall(mailing: Mailing) -> None:
    swept(mailing, MONDAY)
    mailing.act(OFFICER, "grant-extension", "gop-y", "huyen-01", payload={"until": "2024-09-30"})
    mailing.gather()
    step_id = mailing.step("gop-y", "huyen-01")["id"]
    assert [(n["state"], n["reason"]) for n in mailing.notices(kind="due-soon", step_id=step_id)] == [("cancelled", "due-changed")]


def test_after_a_week_without_a_server_everyone_gets_one_mail_of_what_still_holds(mailing: Mailing) -> None:
    mailing.way.down = "no route"
    for day in range(7):
        assert mailing.morning(MONDAY + timedelta(days=day)).sent == 0
    mailing.act(district(1), "submit", "gop-y", "huyen-01")
    mailing.way.down = ""
    mailing.morning(MONDAY + timedelta(days=7))
    arrived = [str(m["To"]) for m in mailing.way.mails if "29/07/2024" in str(m["Subject"])]
    assert len(arrived) == len(set(arrived)) == 3
    last = mailing.messages(kind="digest", account_id=201)[-1]
    assert (last["state"], last["reason"]) == ("cancelled", "status:done")
    states = [state for _, state in digests(mailing, 202)]
    assert states.count("sent") == 1 and set(states) == {"cancelled", "sent"}
    assert {m["reason"] for m in mailing.messages(kind="digest", account_id=202, state="cancelled")} == {"superseded"}


def test_what_an_older_mail_held_is_carried_by_the_newer_with_todays_count(mailing: Mailing) -> None:
    mailing.way.down = "no route"
    mailing.morning(MONDAY)
    mailing.way.down = ""
    mailing.morning(MONDAY + timedelta(days=1))
    last = mailing.messages(kind="digest", account_id=202)[-1]
    assert (last["key"], last["state"]) == (digest_key(202, MONDAY + timedelta(days=1)), "sent")
    assert last["data"]["items"][0]["days"] == 8
    assert {t["message_id"] for t in mailing.told(account_id=202)} == {last["id"]} | {
        m["id"] for m in mailing.messages(account_id=202, kind="assigned")
    }


def test_somebody_who_left_gets_no_older_mail(mailing: Mailing) -> None:
    mailing.way.down = "no route"
    mailing.morning(MONDAY)
    mailing.change_account(202, left_on=MONDAY)
    mailing.way.down = ""
    mailing.morning(MONDAY + timedelta(days=1))
    assert [(m["state"], m["reason"]) for m in mailing.messages(kind="digest", account_id=202)] == [("cancelled", "left")]


def test_a_rung_leaves_once_in_a_month_of_mornings(mailing: Mailing) -> None:
    for day in range(35):
        mailing.morning(MONDAY + timedelta(days=day))
    carried = [(t["notice_id"], t["account_id"]) for t in mailing.told()]
    assert len(carried) == len(set(carried))
    own = [m for m in mailing.messages(kind="digest", account_id=202) if m["state"] == "sent"]
    rungs = [i["rung"] for m in own for i in m["data"]["items"] if "due_version" in i]
    assert rungs == ["D-7", "D-3", "D-1", "D", "D+1", "D+3", "D+7", "D+7/1", "D+7/2"]


def test_who_was_told_today_is_not_told_again_tomorrow_with_those_who_wait(mailing: Mailing) -> None:
    """A comment reaches one officer this afternoon and another, who has had the day's mail, tomorrow: each once."""
    mailing.people(person(301, "huyen-01"))
    mailing.change_account(301, active=False)
    mailing.morning(MONDAY)
    mailing.change_account(301, active=True)
    mailing.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": "xem lại"})
    mailing.gather(hour=15)
    mailing.deliver(hour=15)
    mailing.day += timedelta(days=1)
    mailing.gather()
    said = [m["account_id"] for m in mailing.messages(kind="digest") if any(i["kind"] == "commented" for i in m["data"]["items"])]
    assert sorted(said) == [201, 301]


def test_two_who_gather_at_once_make_one_mail_each(mailing: Mailing) -> None:
    swept(mailing, MONDAY)
    troubles: list[Exception] = []

    def run() -> None:
        try:
            mailing.gather()
        except Exception as trouble:  # noqa: BLE001 - handed to the test's thread
            troubles.append(trouble)

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    assert [m["account_id"] for m in mailing.messages(kind="digest") if m["key"].endswith(str(MONDAY))] == [101, 201, 202, 203]
    assert not mailing.notices(kind="due-soon", state="pending")
