"""A week without a mail server while three hundred reminders fall due: on return one mail each, of what is true by then."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from models.database import Database
from services.outbox import OutboxLine, outbox
from tests.factories import OFFICER, district, festival, person
from tests.services.mailing import Mailing

UNITS = 160
MONDAY = date(2024, 7, 22)  # D-7 of the comments due on 31/07; D-3 is on Friday
BACK = MONDAY + timedelta(days=7)
DONE, EXTENDED, CANCELLED, REASSIGNED, LEFT = range(1, 31), range(31, 41), range(41, 46), 46, 47
TWO_UNITS = 700  # somebody who answers for two units, of which one hands in meanwhile


@pytest.fixture
def mailing(sqlite: Database) -> Mailing:
    made = Mailing(sqlite, definition=festival(UNITS))
    made.people(*(district(n) for n in range(4, UNITS + 1)), person(TWO_UNITS, "huyen-30", "huyen-60"))
    made.morning(date(2024, 5, 2))
    return made


def what_happens_meanwhile(mailing: Mailing) -> None:
    """People work on while no mail leaves: much of what was written becomes untrue."""
    for n in DONE:
        mailing.act(district(n), "submit", "gop-y", f"huyen-{n:02}")
    for n in EXTENDED:
        mailing.act(OFFICER, "grant-extension", "gop-y", f"huyen-{n:02}", payload={"until": "2024-09-30"})
    for n in CANCELLED:
        mailing.act(OFFICER, "cancel", "gop-y", f"huyen-{n:02}", payload={"reason": "không cần nữa"})
    mailing.act(OFFICER, "reassign", "gop-y", f"huyen-{REASSIGNED:02}", payload={"lead": "mttq", "reason": "nhầm"})
    mailing.change_account(200 + LEFT, left_on=BACK - timedelta(days=2))


def a_week_without_a_server(mailing: Mailing) -> None:
    """Seven mornings at which nothing can leave; on the fifth day people act."""
    mailing.way.down = "no route to host"
    for number in range(7):
        assert mailing.morning(MONDAY + timedelta(days=number)).sent == 0
        if number == 3:
            mailing.act(OFFICER, "chase", "gop-y", "huyen-01", payload={"text": "gấp"})
            mailing.expand()
        if number == 4:
            what_happens_meanwhile(mailing)
    reminders = [n for n in mailing.notices(kind="due-soon") if n["business_at"].date() >= MONDAY]
    assert len(reminders) >= 300
    mailing.way.down = ""
    mailing.way.mails.clear()


def cancelled(mailing: Mailing, account: int) -> set[str]:
    """Why an account's mails of the week were cancelled, as the outbox page says it."""
    found: list[OutboxLine] = outbox(mailing.db, states=("cancelled",), to=f"a{account}@", limit=100)
    return {line.reason for line in found}


def test_on_return_nobody_gets_more_than_one_gathered_mail(mailing: Mailing) -> None:
    a_week_without_a_server(mailing)
    mailing.morning(BACK)
    digests = {m["message_id"]: m["account_id"] for m in mailing.messages(kind="digest")}
    gathered = Counter(digests[id_] for id_ in mailing.way.ids if id_ in digests)
    mailing.morning(BACK + timedelta(days=1))
    assert set(gathered.values()) == {1}
    assert len(mailing.way.ids) == len(set(mailing.way.ids))
    assert len(gathered.keys() & {200 + n for n in range(LEFT + 1, UNITS + 1)}) == UNITS - LEFT
    assert not gathered.keys() & {200 + n for n in (*DONE, LEFT)}
    said = [m["data"]["items"] for n in CANCELLED for m in mailing.messages(kind="digest", account_id=200 + n, state="sent")]
    assert [[item["kind"] for item in items] for items in said] == [["cancelled"]] * len(CANCELLED)  # the news, no reminder
    assert {m["state"] for m in mailing.messages()} <= {"sent", "cancelled"}


def test_what_became_untrue_is_cancelled_and_the_outbox_says_why(mailing: Mailing) -> None:
    a_week_without_a_server(mailing)
    mailing.morning(BACK)
    assert cancelled(mailing, 201) == {"gộp vào thư của ngày sau", "bước nay đã “Đã hoàn thành”"}
    assert cancelled(mailing, 231) == {"gộp vào thư của ngày sau", "hạn đã đổi"}
    assert cancelled(mailing, 241) == {"gộp vào thư của ngày sau"}
    assert cancelled(mailing, 247) == {"gộp vào thư của ngày sau", "người nhận không còn làm việc"}
    assert [m["state"] for m in mailing.messages(kind="chased", account_id=201)] == ["cancelled"]


def test_of_a_mail_that_holds_in_part_what_was_left_out_is_told(mailing: Mailing) -> None:
    a_week_without_a_server(mailing)
    mailing.morning(BACK)
    last = mailing.messages(kind="digest", account_id=TWO_UNITS)[-1]
    assert (last["state"], [item["unit"] for item in last["data"]["items"]]) == ("sent", ["huyen-60"])
    gone = mailing.step("gop-y", "huyen-30")["id"]
    about = {n["id"] for n in mailing.notices(step_id=gone, kind="due-soon")}
    told = sorted(t["state"] for t in mailing.told(account_id=TWO_UNITS) if t["notice_id"] in about)
    assert told == ["cancelled", "passed-over"]  # D-3, and D-7 for which it had spoken
    assert sum(line.left_out for line in outbox(mailing.db, states=("cancelled",), to=f"a{TWO_UNITS}@")) == 1
