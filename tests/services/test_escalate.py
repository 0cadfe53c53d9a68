"""Above a unit nothing goes by itself: proposed, then released by one click or put off with a reason, each once."""

from __future__ import annotations

from datetime import date

import pytest

from engine.access import Actor
from engine.errors import Invalid, NotFound, Refused
from models.database import Database
from services.escalate import Proposal, proposals, put_off, release
from services.invariants import violations
from tests.factories import CALENDAR, FRONT, MEMBER, OFFICER, OTHER_OFFICER, at
from tests.services.mailing import Mailing
from tests.services.test_act import NUMBERED

DUE = date(2024, 6, 20)  # ke-hoach: T-60
LATE = date(2024, 7, 11)  # 15 working days on: both rungs above the unit have come


@pytest.fixture
def mailing(db: Database) -> Mailing:
    """Nobody has done anything about the plan's first step."""
    played = Mailing(db, date(2024, 6, 19))
    played.people(OTHER_OFFICER)
    for day in (DUE, date(2024, 7, 1), date(2024, 7, 10), LATE):
        played.morning(day)
    return played


def waiting(mailing: Mailing, viewer: Actor = OFFICER) -> list[Proposal]:
    step = mailing.step("ke-hoach")["id"]
    return [p for p in proposals(mailing.db, viewer, mailing.now()) if p.step_id == step]


def escalated(mailing: Mailing) -> list[tuple[int, str]]:
    return [(m["account_id"], m["urgency"]) for m in mailing.messages(kind="escalated")]


def of(mailing: Mailing, tell: str) -> int:
    return next(p.id for p in waiting(mailing) if p.tell == tell)


def test_a_proposal_reaches_nobody_above_the_unit_until_it_is_released(mailing: Mailing) -> None:
    assert sorted((p.tell, p.rung, p.days) for p in waiting(mailing)) == [("agency", "D+7-agency", 21), ("committee", "D+14-committee", 21)]
    assert {n["audience"] for n in mailing.notices(kind="escalation") if n["data"]} == {"agency"}
    mailing.expand()
    assert escalated(mailing) == []


def test_released_it_goes_to_the_committee_once(mailing: Mailing) -> None:
    id_ = of(mailing, "committee")
    assert release(mailing.db, id_, actor=OFFICER, now=mailing.now())
    assert not release(mailing.db, id_, actor=OTHER_OFFICER, now=mailing.now())  # a second click
    mailing.expand()
    assert escalated(mailing) == [(MEMBER.account_id, "immediate")]
    assert [p.tell for p in waiting(mailing)] == ["agency"]
    assert [n["state"] for n in mailing.notices(id=id_)] == ["released"]
    assert violations(mailing.db, now=mailing.now(18), calendar=CALENDAR) == []


def test_released_to_the_agency_it_goes_to_its_head_or_where_it_has_none_to_everybody_but_the_sender(mailing: Mailing) -> None:
    release(mailing.db, of(mailing, "agency"), actor=OFFICER, now=mailing.now())
    mailing.expand()
    assert escalated(mailing) == [(OTHER_OFFICER.account_id, "immediate")]


def test_put_off_needs_a_reason_and_sends_nothing(mailing: Mailing) -> None:
    id_ = of(mailing, "committee")
    with pytest.raises(Invalid):
        put_off(mailing.db, id_, reason="  ", actor=OFFICER, now=mailing.now())
    assert put_off(mailing.db, id_, reason="Đơn vị hứa nộp thứ Hai", actor=OFFICER, now=mailing.now())
    assert not put_off(mailing.db, id_, reason="lần nữa", actor=OFFICER, now=mailing.now())
    with pytest.raises(Refused) as caught:
        release(mailing.db, id_, actor=OFFICER, now=mailing.now())
    assert caught.value.code == "decided"
    mailing.expand()
    assert escalated(mailing) == []
    assert violations(mailing.db, now=mailing.now(18), calendar=CALENDAR) == []


def test_what_no_longer_holds_is_neither_listed_nor_released(mailing: Mailing) -> None:
    id_ = of(mailing, "committee")
    mailing.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    assert waiting(mailing) == []
    with pytest.raises(Refused) as caught:
        release(mailing.db, id_, actor=OFFICER, now=at(LATE, 10))
    assert caught.value.code == "gone"


@pytest.mark.parametrize("somebody", [FRONT, MEMBER, Actor(301, "x", roles=frozenset({"supervisor"}))])
def test_only_the_standing_agency_decides(mailing: Mailing, somebody: Actor) -> None:
    with pytest.raises(Refused):
        release(mailing.db, of(mailing, "committee"), actor=somebody, now=mailing.now())


def test_what_is_no_proposal_does_not_exist(mailing: Mailing) -> None:
    for id_ in (999_999, mailing.notices(kind="assigned")[0]["id"]):
        with pytest.raises(NotFound):
            release(mailing.db, id_, actor=OFFICER, now=mailing.now())
