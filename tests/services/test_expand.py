"""Notices become messages for the people whom they concern at the moment they leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Thread

import pytest
from sqlalchemy import event

from models.database import Database
from notifications.keys import message_id
from tests.factories import CLERK, MEMBER, OFFICER, OTHER_OFFICER, district, festival, person
from tests.services.mailing import Mailing, heard

NUMBERED = {"evidence": {"kh": {"number": "12/KH", "date": "2024-06-01"}}}


@pytest.fixture
def mailing(db: Database) -> Mailing:
    return Mailing(db)


def test_opening_a_fan_out_is_one_notice_and_a_message_for_each_unit(mailing: Mailing) -> None:
    opened = [n for n in mailing.notices(kind="assigned") if n["step_code"] == "gop-y"]
    mailing.expand()
    found = mailing.messages(kind="assigned")
    assert len(opened) == 1
    assert [m["account_id"] for m in found] == [101, 201, 202, 203]
    steps = {m["account_id"]: m["data"]["items"][0]["path"] for m in found}
    assert steps[202] == f"/steps/{mailing.step('gop-y', 'huyen-02')['id']}"
    assert {m["address"] for m in found} == {f"a{n}@example.vn" for n in (101, 201, 202, 203)}


def test_expanding_twice_makes_nothing_new(mailing: Mailing) -> None:
    first = mailing.expand()
    before = mailing.messages()
    again = mailing.expand()
    assert first.messages == 4 and (again.notices, again.messages) == (0, 0)
    assert mailing.messages() == before


def test_two_who_expand_at_once_make_each_message_once(mailing: Mailing) -> None:
    threads = [Thread(target=mailing.expand) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [m["key"] for m in mailing.messages()]
    assert len(keys) == len(set(keys)) == 4
    assert {n["state"] for n in mailing.notices(kind="assigned")} == {"expanded"}


def test_the_message_id_follows_from_the_key(mailing: Mailing) -> None:
    mailing.expand()
    assert all(m["message_id"] == message_id(m["key"]) for m in mailing.messages())


def test_nothing_is_made_at_night_or_on_a_day_off_and_nothing_is_lost(mailing: Mailing) -> None:
    assert mailing.expand(hour=19).messages == 0
    mailing.day = date(2024, 5, 4)
    assert mailing.expand(hour=9).messages == 0
    mailing.day = date(2024, 5, 6)
    assert mailing.expand(hour=7).messages == 4


def test_what_the_sender_marked_urgent_passes_at_night(mailing: Mailing) -> None:
    mailing.act(OFFICER, "chase", "gop-y", "huyen-01", payload={"text": "Gấp", "urgent": True})
    mailing.expand(hour=21)
    assert heard(mailing.messages()) == [(201, "chased")]
    assert mailing.deliver(hour=21).sent == 1


def test_people_count_as_they_are_when_it_leaves(mailing: Mailing) -> None:
    mailing.change_account(201, active=False)
    mailing.change_account(202, left_on=date(2024, 5, 1))
    mailing.people(person(301, "huyen-01"))
    mailing.expand()
    assert [m["account_id"] for m in mailing.messages(kind="assigned") if "bước 6" in m["subject"]] == [301, 101, 203]


def test_a_unit_that_nobody_can_reach_is_told_to_the_standing_agency(mailing: Mailing) -> None:
    mailing.change_account(202, address="")
    mailing.expand()
    fan_out = [m for m in mailing.messages(kind="assigned") if "bước 6" in m["subject"]]
    assert [(m["account_id"], m["state"], m["reason"]) for m in fan_out] == [
        (201, "pending", ""),
        (202, "skipped", "no-address"),
        (101, "pending", ""),
        (203, "pending", ""),
    ]
    item = next(m for m in fan_out if m["account_id"] == 101)["data"]["items"][0]
    assert item["stands_in"] and item["capacity"] == "huyen-02"


def test_a_notice_whose_reason_is_gone_is_cancelled_and_says_so(mailing: Mailing) -> None:
    mailing.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    mailing.expand()
    assigned = mailing.notices(kind="assigned", step_id=mailing.step("ke-hoach")["id"])
    assert [(n["state"], n["reason"]) for n in assigned] == [("cancelled", "status:submitted")]
    assert (101, "assigned") not in heard(mailing.messages())


def test_the_approver_of_the_present_link_is_asked(mailing: Mailing) -> None:
    mailing.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    mailing.expand()
    asked = mailing.messages(kind="approval-wanted")
    assert [m["account_id"] for m in asked] == [MEMBER.account_id]
    assert asked[0]["subject"].startswith("Chờ xác nhận: NV4 · 2024, bước 1")


def test_a_return_says_why_and_until_when(mailing: Mailing) -> None:
    mailing.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    mailing.act(MEMBER, "return", "ke-hoach", payload={"reason": "Thiếu phụ lục", "redo_on": "2024-05-10"})
    mailing.expand()
    item = mailing.messages(kind="returned")[0]["data"]["items"][0]
    assert (item["note"], item["until"], item["by"]) == ("Thiếu phụ lục", "2024-05-10", "account 103")


def test_of_several_notices_that_say_whose_move_it_is_only_the_newest_leaves(mailing: Mailing) -> None:
    mailing.act(OFFICER, "reassign", "gop-y", "huyen-01", payload={"lead": "so-noi-vu", "reason": "nhầm"})
    mailing.expand()
    step_id = mailing.step("gop-y", "huyen-01")["id"]
    said = [m for m in mailing.messages() if step_id in m["data"]["items"][0]["step_ids"]]
    assert heard(said) == [(CLERK.account_id, "reassigned")]
    assert mailing.told(account_id=CLERK.account_id, state="passed-over")


def test_nobody_is_told_of_what_they_did_themselves(mailing: Mailing) -> None:
    mailing.act(OFFICER, "refuse", "ke-hoach", payload={"reason": "không thuộc đơn vị"})
    mailing.people(OTHER_OFFICER)
    mailing.expand()
    assert [m["account_id"] for m in mailing.messages(kind="refused-assignment")] == [102]


def test_the_only_reader_being_the_one_who_acted_closes_the_notice(mailing: Mailing) -> None:
    mailing.act(OFFICER, "refuse", "ke-hoach", payload={"reason": "không thuộc đơn vị"})
    mailing.expand()
    assert [(n["state"], n["reason"]) for n in mailing.notices(kind="refused-assignment")] == [("cancelled", "own-act")]


def test_a_confidential_title_and_what_was_written_reach_no_message(db: Database) -> None:
    plan = festival()
    key_task = plan.key_tasks[0]
    secret = replace(key_task.workflows[0], confidential=True)
    mailing = Mailing(db, definition=replace(plan, key_tasks=(replace(key_task, workflows=(secret,)),)))
    mailing.act(district(1), "refuse", "gop-y", "huyen-01", payload={"reason": "điều không được lộ"})
    mailing.expand()
    mailing.gather()
    assert mailing.messages(kind="refused-assignment") and mailing.messages(kind="digest")
    for row in mailing.messages():
        assert "gop-y" not in row["subject"] and "lộ" not in str(row["data"]) and "title" not in row["data"]["items"][0]


def test_the_reader_chooses_the_language(mailing: Mailing) -> None:
    mailing.change_account(201, language="en")
    mailing.expand()
    assert [m["subject"] for m in mailing.messages(account_id=201)] == ["New: NV4 · 2024, step 6, due 31 Jul 2024 - gop-y"]


def test_expanding_costs_the_same_statements_however_many_hear(mailing: Mailing) -> None:
    counts = []
    for extra in (0, 40):
        mailing.people(*(person(500 + n, "huyen-01") for n in range(extra)))
        mailing.act(OFFICER, "chase", "gop-y", "huyen-01", payload={"text": "x", "urgent": True})
        seen: list[str] = []

        def count(*args: object, seen: list[str] = seen) -> None:
            seen.append(str(args[2]))

        event.listen(mailing.db.engine, "before_cursor_execute", count)
        mailing.expand()
        event.remove(mailing.db.engine, "before_cursor_execute", count)
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 1
    assert len(mailing.messages(kind="chased")) == 1 + 41
