"""Chasing: by mail at most once a day unless urgent; what was done outside is recorded with its answer and sends nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.errors import Invalid, Refused
from engine.instants import Now
from models.database import Database
from services.act import act
from services.invariants import violations
from services.queries.step_page import step_page
from services.queries.units import unit_names
from tests.factories import CALENDAR, OFFICER, at, district
from tests.services.mailing import Mailing


@pytest.fixture
def mailing(db: Database) -> Mailing:
    return Mailing(db)


def chase(mailing: Mailing, when: Now, **payload: object) -> None:
    act(
        mailing.db, actor=OFFICER, step_id=mailing.step("gop-y", "huyen-01")["id"], action="chase", payload=payload, now=when,
        calendar=CALENDAR,
    )  # fmt: skip


def later(when: Now, **more: int) -> Now:
    return Now(when.business + timedelta(**more), when.system + timedelta(**more))


def test_a_second_mail_within_a_day_is_refused_and_says_from_when(mailing: Mailing) -> None:
    first = at(date(2024, 5, 2), 9)
    chase(mailing, first, text="Khẩn trương")
    with pytest.raises(Refused) as caught:
        chase(mailing, later(first, hours=23, minutes=59))
    assert caught.value.code == "chased-lately"
    assert "03/05/2024 09:00" in caught.value.hint.vi
    chase(mailing, later(first, hours=24))
    assert len(mailing.notices(kind="chased")) == 2


def test_urgent_passes(mailing: Mailing) -> None:
    first = at(date(2024, 5, 2), 9)
    chase(mailing, first)
    chase(mailing, later(first, minutes=5), urgent=True)
    assert [n["urgency"] for n in mailing.notices(kind="chased")] == ["immediate", "urgent"]


@pytest.mark.parametrize(("how", "told"), [("call", "gọi điện"), ("chat", "nhắn tin"), ("letter", "bằng công văn")])
def test_what_was_done_outside_is_recorded_with_its_answer_and_sends_nothing(mailing: Mailing, how: str, told: str) -> None:
    first = at(date(2024, 5, 2), 9)
    chase(mailing, first, how=how, text="Gặp chị Hoa", answer="Thứ Hai nộp")
    chase(mailing, later(first, minutes=1), how=how)  # recording has no cool-down
    chase(mailing, later(first, minutes=2))  # nor does it start one
    assert len(mailing.notices(kind="chased")) == 1
    step = mailing.step("gop-y", "huyen-01")["id"]
    page = step_page(mailing.db, OFFICER, step, first, unit_names(mailing.db, first.today))
    assert page.detail
    line = page.detail.history[-1]
    assert (line.did.vi, line.more.vi, line.quote) == ("đôn đốc", told, "Gặp chị Hoa\n→ Thứ Hai nộp")
    assert violations(mailing.db, now=later(first, hours=1), calendar=CALENDAR) == []


def test_another_way_is_refused_and_a_unit_may_not_chase(mailing: Mailing) -> None:
    with pytest.raises(Invalid) as caught:
        chase(mailing, at(date(2024, 5, 2)), how="pigeon")
    assert caught.value.field == "how"
    with pytest.raises(Refused) as refused:
        mailing.act(district(1), "chase", "gop-y", "huyen-01", payload={"how": "call"})
    assert refused.value.code == "relation"
