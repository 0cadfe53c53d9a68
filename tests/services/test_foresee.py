"""What is foreseen is what then happens: the same people, on the same days, by the same rungs; and foreseeing writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from engine.access import Actor, Membership
from models.database import Database
from notifications.contexts import from_json
from services.deputies import name_deputy
from services.foresee import Foresight, foresee, gathered, letters
from tests.factories import CALENDAR, FRONT, MEMBER, OFFICER, district
from tests.services.mailing import HOURS, Mailing
from tests.services.test_act import NUMBERED


@pytest.fixture
def mailing(db: Database) -> Mailing:
    played = Mailing(db, date(2024, 6, 10))
    played.morning(date(2024, 6, 10))
    return played


def look(mailing: Mailing, viewer: Actor = OFFICER, **about: object) -> Foresight:
    return foresee(mailing.db, viewer, now=mailing.now(10), calendar=CALENDAR, hours=HOURS, **about)  # type: ignore[arg-type]


def happened(mailing: Mailing, first: date, days: int) -> set[tuple[date, int, str]]:
    """(day, account, rung) of what was really sent about the first step when the days were lived through."""
    step, known = mailing.step("ke-hoach")["id"], {m["id"] for m in mailing.messages()}
    found = set()
    for n in range(1, days + 1):
        mailing.morning(first + timedelta(days=n))
        for m in mailing.messages():
            if m["id"] not in known:
                known.add(m["id"])
                found |= {(mailing.day, m["account_id"], i.rung) for i in from_json(m["data"]).items if i.step_ids == (step,)}
    return found


def test_what_is_foreseen_is_what_then_happens(mailing: Mailing) -> None:
    step = mailing.step("ke-hoach")["id"]
    foreseen = look(mailing, step_id=step, days=35).messages
    assert {m.how for m in foreseen} == {"digest"}
    rungs = [m.rung.en for m in foreseen if m.account_id == OFFICER.account_id]
    real = happened(mailing, date(2024, 6, 10), 35)
    assert len(rungs) > 8
    assert {(m.on, m.account_id) for m in foreseen} == {(day, account) for day, account, _ in real}
    assert len(foreseen) == len(real)


def test_whoever_confirms_is_foreseen_once_it_is_submitted(mailing: Mailing) -> None:
    mailing.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    step = mailing.step("ke-hoach")["id"]
    foreseen = look(mailing, step_id=step, days=20).messages
    assert {m.account_id for m in foreseen} == {MEMBER.account_id}
    assert foreseen[0].how == "immediate"  # the question itself, which waits to leave
    twin, other = replace(foreseen[0], account_id=0), replace(foreseen[0], account_id=0, how="digest")
    assert [len(told) for told in gathered((foreseen[0], twin, other))] == [2, 1]
    elsewhere, later_on = replace(other, step_id=0), replace(other, step_id=0, on=other.on + timedelta(days=1))
    assert letters((other, foreseen[0], elsewhere, later_on)) == (((other,), (elsewhere,)), ((foreseen[0],),), ((later_on,),))
    at_once = replace(foreseen[0], step_id=0)
    assert [len(items) for items in letters((foreseen[0], at_once))] == [1, 1]  # each a letter of its own
    real = {(day, account) for day, account, _ in happened(mailing, date(2024, 6, 9), 21)}
    assert {(m.on, m.account_id) for m in foreseen} == real


def test_a_unit_sees_what_it_holds_and_nobody_sees_what_they_do_not_read(mailing: Mailing) -> None:
    assert {m.unit for m in look(mailing, unit="huyen-01", days=60).messages} == {"huyen-01"}
    assert {m.unit for m in look(mailing, district(1), days=60).messages} == {"huyen-01"}
    assert look(mailing, district(1), step_id=mailing.step("gop-y", "huyen-02")["id"]).steps == 0
    assert look(mailing, FRONT, step_id=mailing.step("ke-hoach")["id"]).messages == ()


def test_somebody_who_left_hears_nothing_and_the_agency_hears_instead(mailing: Mailing) -> None:
    mailing.change_account(201, left_on=date(2024, 6, 1))
    foreseen = look(mailing, step_id=mailing.step("gop-y", "huyen-01")["id"], days=60).messages
    assert 201 not in {m.account_id for m in foreseen}
    assert OFFICER.account_id in {m.account_id for m in foreseen}


def test_foreseeing_writes_nothing(mailing: Mailing) -> None:
    said: list[str] = []

    def listen(*args: object) -> None:
        said.append(str(args[2]).split()[0])

    event.listen(mailing.db.engine, "before_cursor_execute", listen)
    look(mailing, days=90)
    event.remove(mailing.db.engine, "before_cursor_execute", listen)
    assert not {"INSERT", "UPDATE", "DELETE"} & set(said)


def test_what_a_stopped_sweep_left_behind_is_foreseen_for_today(mailing: Mailing) -> None:
    mailing.day = date(2024, 6, 19)  # nothing ran since the 10th; the due day is tomorrow
    step = mailing.step("ke-hoach")["id"]
    foreseen = [m for m in look(mailing, step_id=step, days=0).messages if m.account_id == OFFICER.account_id]
    assert [(m.on, m.rung.en) for m in foreseen] == [(date(2024, 6, 19), "1 working day before the due day")]


def test_who_stands_in_or_leaves_by_then_is_foreseen(mailing: Mailing) -> None:
    deputy = Actor(501, "Thay mặt", (Membership("huyen-01", "head"),))
    mailing.people(deputy)
    first, last = date(2024, 7, 15), date(2024, 7, 26)
    wanted = {"unit": "huyen-01", "deputy": "501", "from": first.isoformat(), "to": last.isoformat()}
    name_deputy(mailing.db, district(1), wanted, now=mailing.now())
    mailing.change_account(district(1).account_id, left_on=date(2024, 7, 30))
    found = look(mailing, step_id=mailing.step("gop-y", "huyen-01")["id"], days=60).messages
    heard = {(m.account_id, m.on, m.why.vi) for m in found if m.rung.en}
    assert {on for account, on, _ in heard if account == 201} == {date(2024, 7, 22), date(2024, 7, 26)}
    stood_in = {on for account, on, why in heard if account == 501 and why.startswith("thay mặt account 201")}
    assert stood_in == {date(2024, 7, 22), date(2024, 7, 26)}
    alone = {on for account, on, why in heard if account == 501 and not why.startswith("thay mặt")}
    assert {date(2024, 7, 30), date(2024, 7, 31)} <= alone  # nobody else is left
