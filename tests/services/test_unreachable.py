"""A unit that nobody can reach is reported to the standing agency once while it lasts, and again when it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Thread

import pytest
from sqlalchemy import delete

from models.database import Database
from models.tables import membership
from services.inbox import post
from services.invariants import violations
from services.queries.inbox import inbox_page
from services.unreachable import watch_units
from tests.factories import AUTHORITY, CALENDAR, FRONT, OFFICER, district, festival
from tests.services.mailing import Mailing

UNIT = "huyen-01"


@pytest.fixture
def mailing(db: Database) -> Mailing:
    return Mailing(db)


def watch(mailing: Mailing) -> list[str]:
    return watch_units(mailing.db, now=mailing.now())


def test_while_everybody_can_be_reached_nothing_is_said(mailing: Mailing) -> None:
    assert watch(mailing) == []
    assert mailing.notices(kind="unreachable") == []


def test_who_leaves_as_the_last_one_is_missed_once(mailing: Mailing) -> None:
    mailing.change_account(district(1).account_id, left_on=mailing.day)
    assert watch(mailing) == [UNIT]
    assert watch(mailing) == []
    post(mailing.db, now=mailing.now())
    line = next(line for line in inbox_page(mailing.db, OFFICER, mailing.now()).lines if line.kind == "unreachable")
    assert (line.unit.vi, line.heading.vi) == (UNIT, "Không ai nhận được thư")
    assert violations(mailing.db, now=mailing.now(), calendar=CALENDAR) == []


def test_who_leaves_tomorrow_is_here_today(mailing: Mailing) -> None:
    mailing.change_account(district(1).account_id, left_on=mailing.day + timedelta(1))
    assert watch(mailing) == []


def test_without_an_address_nobody_is_reached(mailing: Mailing) -> None:
    mailing.change_account(district(1).account_id, address="")
    assert watch(mailing) == [UNIT]


def test_what_became_untrue_before_it_left_is_not_said_and_comes_back_as_new(mailing: Mailing) -> None:
    mailing.change_account(district(1).account_id, active=False)
    watch(mailing)
    mailing.change_account(district(1).account_id, active=True)
    assert watch(mailing) == []
    assert [(n["state"], n["reason"]) for n in mailing.notices(kind="unreachable")] == [("cancelled", "reachable")]
    mailing.change_account(district(1).account_id, active=False)
    assert watch(mailing) == [UNIT]
    assert len(mailing.notices(kind="unreachable")) == 2


def test_a_unit_without_open_work_is_no_news(mailing: Mailing) -> None:
    with mailing.db.write() as connection:
        connection.execute(delete(membership).where(membership.c.unit.in_([AUTHORITY, "so-noi-vu"])))
    assert watch(mailing) == []


def test_the_digest_says_it(mailing: Mailing) -> None:
    mailing.change_account(district(1).account_id, active=False)
    watch(mailing)
    mailing.morning(mailing.day)
    mails = [m for m in mailing.messages(kind="digest") if m["account_id"] == OFFICER.account_id]
    assert [item["kind"] for item in mails[0]["data"]["items"]] == ["unreachable"]


def test_two_who_watch_at_once_tell_once(mailing: Mailing) -> None:
    mailing.change_account(district(1).account_id, active=False)
    found: list[str] = []
    threads = [Thread(target=lambda: found.extend(watch(mailing))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [UNIT]
    assert len(mailing.notices(kind="unreachable")) == 1


def test_what_an_ended_unit_would_hear_goes_to_whoever_answers_for_it(db: Database) -> None:
    plan = festival()
    ended = {"ends_on": date(2024, 5, 10), "successors": ("mttq",)}
    units = tuple(replace(u, **ended) if u.code == "huyen-03" else u for u in plan.units)  # type: ignore[arg-type]
    mailing = Mailing(db, definition=replace(plan, units=units))
    mailing.act(OFFICER, "reassign", "gop-y", "huyen-03", payload={"lead": "huyen-02", "reason": "sáp nhập"})
    mailing.day = date(2024, 5, 13)
    mailing.gather()
    (mail,) = mailing.messages(kind="digest", account_id=FRONT.account_id)
    assert "handed-over" in {item["kind"] for item in mail["data"]["items"]}
