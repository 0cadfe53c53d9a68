"""The morning brief: what waits for its reader, who must move, what changed, counted once; one mail a day, never twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.access import Actor, Membership
from models.database import Database
from models.tables import preference
from services.brief_mail import send_briefs
from services.deputies import name_deputy
from services.queries.brief import Brief, brief
from services.sweep import sweep
from tests.factories import AGENCY, CALENDAR, COMMITTEE, MEMBER, OFFICER, district
from tests.services.mailing import HOURS, SITE, Mailing

SUPERVISOR = Actor(401, "Giám sát", (), frozenset({"supervisor"}))
LEADER = Actor(402, "Lãnh đạo", (Membership(AGENCY, "head"),), frozenset({"agency"}))
PAPER = {"evidence": {"kh": {"number": "1/KH", "date": "2024-05-02"}}}


@pytest.fixture
def mailing(db: Database) -> Mailing:
    played = Mailing(db)
    played.people(SUPERVISOR, LEADER)
    return played


def of(mailing: Mailing, viewer: Actor) -> Brief:
    return brief(mailing.db, viewer, mailing.now(), CALENDAR)


def send(mailing: Mailing, hour: int = 8) -> int:
    return send_briefs(mailing.db, now=mailing.now(hour), hours=HOURS, site=SITE)


def test_what_changed_counts_from_the_working_day_before(mailing: Mailing) -> None:
    mailing.act(district(1), "submit", "gop-y", "huyen-01")
    mailing.act(OFFICER, "submit", "ke-hoach", payload=PAPER)
    mailing.day = date(2024, 5, 3)
    found = of(mailing, SUPERVISOR)
    assert (found.since, found.changes.done, found.changes.submitted) == (date(2024, 5, 2), 1, 1)
    mailing.day = date(2024, 5, 6)  # a Monday: the working day before is Friday the 3rd
    assert (of(mailing, SUPERVISOR).since, of(mailing, SUPERVISOR).changes.done) == (date(2024, 5, 3), 0)


def test_who_must_move_and_the_counts(mailing: Mailing) -> None:
    mailing.day = date(2024, 8, 1)
    found = of(mailing, SUPERVISOR)
    assert {mover.unit for mover in found.movers} == {"huyen-01", "huyen-02", "huyen-03", AGENCY}
    assert found.tally.overdue == 4 and found.changes.overdue == 3  # one fell overdue in June
    assert found.to_sign == ()


def test_what_waits_for_a_signature_is_the_readers_own(mailing: Mailing) -> None:
    mailing.act(OFFICER, "submit", "ke-hoach", payload=PAPER)
    assert [row.step.code for row in of(mailing, MEMBER).to_sign] == ["ke-hoach"]
    mailing.act(district(1), "refuse", "gop-y", "huyen-01", payload={"reason": "không phải việc của tôi"})
    assert [row.step.code for row in of(mailing, LEADER).to_answer] == ["gop-y"]
    assert of(mailing, SUPERVISOR).to_answer == ()


def test_one_mail_a_morning_for_supervisors_and_the_agencys_head(mailing: Mailing) -> None:
    assert send(mailing, hour=7) == 0  # before 07:30
    assert send(mailing) == 2
    assert send(mailing) == send(mailing, hour=15) == 0
    assert [m["key"] for m in mailing.messages(kind="brief")] == ["brief:401:2024-05-02", "brief:402:2024-05-02"]
    mailing.day = date(2024, 5, 4)  # a Saturday
    assert send(mailing) == 0


def test_who_switched_it_off_gets_none(mailing: Mailing) -> None:
    with mailing.db.write() as connection:
        connection.execute(preference.insert(), {"account_id": SUPERVISOR.account_id, "mail": {"brief": "none"}})
    assert send(mailing) == 1


def test_who_has_left_gets_none(mailing: Mailing) -> None:
    mailing.change_account(LEADER.account_id, left_on=mailing.day)
    assert send(mailing) == 1


def test_a_brief_that_could_not_leave_is_replaced_by_the_next(mailing: Mailing) -> None:
    send(mailing)
    mailing.day += timedelta(1)
    send(mailing)
    states = [(m["business_at"].date(), m["state"], m["reason"]) for m in mailing.messages(kind="brief", account_id=SUPERVISOR.account_id)]
    assert states == [(date(2024, 5, 2), "cancelled", "superseded"), (date(2024, 5, 3), "pending", "")]


def test_it_reads_as_sentences_and_what_was_done_meanwhile_drops_out(mailing: Mailing) -> None:
    mailing.day = date(2024, 8, 1)
    sweep(mailing.db, now=mailing.now(6), calendar=CALENDAR)
    send(mailing)
    mailing.act(district(1), "submit", "gop-y", "huyen-01")
    mailing.deliver()
    mail = next(m for m in mailing.way.mails if "a401@" in str(m["To"]))
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "trong đó quá hạn 4" in text and "huyen-02. Hạn 31/07/2024" in text
    assert "huyen-01. Hạn" not in text
    assert "là lãnh đạo hoặc người giám sát kế hoạch" in text


def test_the_deputy_of_a_leader_reads_it_in_their_name(mailing: Mailing) -> None:
    mailing.people(Actor(403, "Thư ký", (Membership(AGENCY),)))
    wanted = {"unit": AGENCY, "deputy": "403", "from": "2024-05-02", "to": "2024-05-03"}
    name_deputy(mailing.db, LEADER, wanted, now=mailing.now())
    assert send(mailing) == 3
    (mail,) = mailing.messages(kind="brief", account_id=403)
    assert mail["data"]["items"][0]["instead_of"] == "Lãnh đạo"


def test_a_member_of_the_committee_gets_none(mailing: Mailing) -> None:
    mailing.people(Actor(404, "Trưởng ban", (Membership(COMMITTEE, "head"),)))
    assert send(mailing) == 2
