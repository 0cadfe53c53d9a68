"""An absent person's deputy hears and acts in their place, within one unit, until the last day, and never hands it on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.access import Actor, Membership
from engine.errors import InvalidFields, NotFound, Refused
from models.database import Database
from models.tables import journal_entry
from services.accounts import actor_of
from services.acting_for import acting_for
from services.deputies import absences, end_deputy, name_deputy
from services.inbox import post
from services.queries.inbox import inbox_page
from services.queries.step_page import step_page
from services.queries.units import unit_names
from services.sign_ins import choose_for_whom, open_sign_in, signed_in
from services.verify_journal import verify
from tests.factories import AGENCY, COMMITTEE, MEMBER, OFFICER, OTHER_OFFICER, district
from tests.services.mailing import Mailing, heard

UNIT, FIRST = "huyen-01", date(2024, 5, 2)
AWAY = district(1)
BY = Actor(301, "Người thay", (Membership(UNIT),))
CHIEF = Actor(302, "Trưởng", (Membership(UNIT, "head"),))
THIRD = Actor(303, "Người thứ ba", (Membership(UNIT),))


@pytest.fixture
def mailing(db: Database) -> Mailing:
    played = Mailing(db)
    played.people(BY, CHIEF, THIRD, OTHER_OFFICER, Actor(310, "Thư ký", (Membership(COMMITTEE, "head"),)))
    return played


def form(by: Actor = BY, *, since: date = FIRST, days: int = 5, **more: Any) -> dict[str, Any]:
    last = FIRST + timedelta(days)
    return {"unit": UNIT, "deputy": str(by.account_id), "from": since.isoformat(), "to": last.isoformat(), **more}


def behalf(mailing: Mailing, actor: Actor = BY) -> Actor:
    """``actor`` as they act for the first absent person."""
    return acting_for(mailing.db, actor.account_id, mailing.day)[0].actor(actor)


def test_the_deputy_of_a_head_hears_what_the_head_hears_and_why(mailing: Mailing) -> None:
    name_deputy(mailing.db, CHIEF, form(), now=mailing.now())
    mailing.day = date(2024, 5, 2)
    mailing.act(AWAY, "refuse", "gop-y", UNIT, payload={"reason": "không phải việc của tôi"})
    mailing.act(OFFICER, "reassign", "gop-y", UNIT, payload={"lead": UNIT, "reason": "vẫn giao"})
    post(mailing.db, now=mailing.now())
    lines = inbox_page(mailing.db, BY, mailing.now()).lines
    assert {line.kind for line in lines} >= {"reassigned"}


def test_what_only_the_absent_person_would_hear_reaches_the_deputy_in_their_name(db: Database) -> None:
    mailing = Mailing(db)
    mailing.people(replace(CHIEF, account_id=320))  # the only officer is the absent one; the head would hear nothing of this
    name_deputy(db, AWAY, form(replace(CHIEF, account_id=320)), now=mailing.now())
    mailing.expand()
    assert (AWAY.account_id, "assigned") in heard(mailing.messages())
    assert (320, "assigned") in heard(mailing.messages())
    line = next(line for line in inbox_page(db, replace(CHIEF, account_id=320), mailing.now()).lines if line.kind == "assigned")
    assert line.why.vi == f"thay mặt {AWAY.name} ({UNIT}) trong thời gian vắng"


def test_it_ends_by_itself_after_the_last_day(mailing: Mailing) -> None:
    name_deputy(mailing.db, AWAY, form(days=1), now=mailing.now())
    assert [a.account_id for a in acting_for(mailing.db, BY.account_id, date(2024, 5, 3))] == [AWAY.account_id]
    assert acting_for(mailing.db, BY.account_id, date(2024, 5, 4)) == ()
    assert acting_for(mailing.db, BY.account_id, date(2024, 5, 1)) == ()


def test_the_session_falls_back_to_oneself_when_it_ends(mailing: Mailing) -> None:
    made = name_deputy(mailing.db, AWAY, form(days=1), now=mailing.now())
    token = open_sign_in(mailing.db, BY.account_id, mailing.now().system)
    choose_for_whom(mailing.db, token, made, mailing.now())
    found = signed_in(mailing.db, token, mailing.now(10))
    assert found is not None and found.person.actor.represented_id == AWAY.account_id
    end_deputy(mailing.db, AWAY, made, now=mailing.now())
    found = signed_in(mailing.db, token, mailing.now(10))
    assert found is not None and found.person.actor.represented_id is None
    with pytest.raises(NotFound):
        choose_for_whom(mailing.db, token, made, mailing.now())


def test_nobody_acts_for_somebody_whose_deputy_they_are_not(mailing: Mailing) -> None:
    made = name_deputy(mailing.db, AWAY, form(), now=mailing.now())
    token = open_sign_in(mailing.db, THIRD.account_id, mailing.now().system)
    with pytest.raises(NotFound):
        choose_for_whom(mailing.db, token, made, mailing.now())


def test_the_journal_and_the_page_say_who_acted_for_whom(mailing: Mailing) -> None:
    name_deputy(mailing.db, AWAY, form(), now=mailing.now())
    mailing.act(behalf(mailing), "accept", "gop-y", UNIT)
    page = step_page(mailing.db, OFFICER, mailing.step("gop-y", UNIT)["id"], mailing.now(), unit_names(mailing.db, mailing.day))
    assert page.detail is not None
    assert (page.detail.history[0].who, page.detail.history[0].instead_of) == (BY.name, AWAY.name)
    assert verify(mailing.db).faults == ()


def test_separation_of_duties_sees_both_persons(mailing: Mailing) -> None:
    paper = {"evidence": {"kh": {"number": "1/KH", "date": "2024-05-02"}}}
    both = Actor(330, "Hai nơi", (Membership(AGENCY), Membership(COMMITTEE)), frozenset({"agency"}))
    mailing.people(both)
    mailing.act(both, "submit", "ke-hoach", payload=paper)
    name_deputy(mailing.db, actor_of(mailing.db, 330), form(MEMBER, unit=COMMITTEE), now=mailing.now())
    with pytest.raises(Refused) as refused:
        mailing.act(behalf(mailing, MEMBER), "approve", "ke-hoach")
    assert refused.value.code == "separation"
    mailing.act(MEMBER, "approve", "ke-hoach")  # for himself he may


def test_a_deputy_of_the_standing_agency_acts_for_it_but_no_other_role_is_handed_on(mailing: Mailing) -> None:
    with mailing.db.write() as connection:
        connection.exec_driver_sql('UPDATE account SET roles = \'["agency", "administrator"]\' WHERE id = 101')
        connection.exec_driver_sql("UPDATE account SET roles = '[]' WHERE id = 102")
    name_deputy(mailing.db, OFFICER, form(OTHER_OFFICER, unit=AGENCY), now=mailing.now())
    plain = actor_of(mailing.db, OTHER_OFFICER.account_id)
    assert behalf(mailing, plain).roles == {"agency"}
    mailing.act(behalf(mailing, plain), "comment", "gop-y", UNIT, payload={"text": "thay mặt"})


def test_a_deputy_names_no_deputy(mailing: Mailing) -> None:
    name_deputy(mailing.db, AWAY, form(), now=mailing.now())
    with pytest.raises(Refused) as refused:
        name_deputy(mailing.db, behalf(mailing), form(THIRD), now=mailing.now())
    assert refused.value.code == "two-hops"
    for by, wanted in ((BY, form(THIRD)), (THIRD, form(AWAY))):
        with pytest.raises(InvalidFields):
            name_deputy(mailing.db, by, wanted, now=mailing.now())


def test_only_the_head_does_so_for_others_also_afterwards(mailing: Mailing) -> None:
    for_other = form(THIRD, person=str(AWAY.account_id), since=date(2024, 4, 20))
    with pytest.raises(InvalidFields) as refused:
        name_deputy(mailing.db, BY, for_other, now=mailing.now())
    assert list(refused.value.problems) == ["person"]
    made = name_deputy(mailing.db, CHIEF, for_other, now=mailing.now())
    assert [line.id for line in absences(mailing.db, AWAY, mailing.now()).lines] == [made]
    with pytest.raises(NotFound):
        end_deputy(mailing.db, district(2), made, now=mailing.now())


def test_every_wrong_field_is_named_at_once_and_nothing_is_saved(mailing: Mailing) -> None:
    with pytest.raises(InvalidFields) as wrong:
        name_deputy(mailing.db, AWAY, {"unit": "", "deputy": "x", "from": "31/02/2024", "to": ""}, now=mailing.now())
    assert list(wrong.value.problems) == ["unit", "deputy", "from", "to"]
    with mailing.db.read() as connection:
        assert not connection.execute(select(journal_entry).where(journal_entry.c.action == "name-deputy")).all()


def test_who_has_left_is_neither_stood_in_for_nor_told(mailing: Mailing) -> None:
    name_deputy(mailing.db, AWAY, form(), now=mailing.now())
    mailing.change_account(BY.account_id, left_on=mailing.day)
    mailing.expand()
    assert BY.account_id not in {account for account, _ in heard(mailing.messages())}
    mailing.change_account(AWAY.account_id, left_on=mailing.day)
    assert acting_for(mailing.db, BY.account_id, mailing.day) == ()
