"""Who is mentioned in a comment hears of it, as long as they read the step."""

from __future__ import annotations

import pytest

from engine.errors import Invalid
from models.database import Database
from services.inbox import post
from services.queries.inbox import inbox_page
from services.queries.step_page import step_page
from services.queries.units import unit_names
from tests.factories import FRONT, OFFICER, district
from tests.services.foreign import SUPERVISOR
from tests.services.mailing import Mailing, heard

SLOT = "huyen-01"
FIRST, SECOND = district(1), district(2)


@pytest.fixture
def mailing(sqlite: Database) -> Mailing:
    made = Mailing(sqlite)
    made.people(SUPERVISOR)
    made.expand()  # what opening the workflow says
    return made


def comment(mailing: Mailing, text: str = "xem giúp", *mentions: str) -> None:
    mailing.act(OFFICER, "comment", "gop-y", SLOT, payload={"text": text, "mentions": list(mentions)})


def told(mailing: Mailing) -> list[tuple[int, str]]:
    mailing.expand()
    return [row for row in heard(mailing.messages()) if row[1] == "mentioned"]


def test_who_is_mentioned_gets_a_mail_of_its_own_whether_written_or_ticked(db: Database) -> None:
    mailing = Mailing(db)
    mailing.people(SUPERVISOR)
    mailing.expand()
    comment(mailing, f"@a{FIRST.account_id} xem giúp", f"a{SUPERVISOR.account_id}")
    assert told(mailing) == [(FIRST.account_id, "mentioned"), (SUPERVISOR.account_id, "mentioned")]


def test_who_is_mentioned_is_not_told_beside_it_that_there_is_a_comment(mailing: Mailing) -> None:
    comment(mailing, "xem giúp", f"a{FIRST.account_id}")
    post(mailing.db, now=mailing.now())
    assert [line.kind for line in inbox_page(mailing.db, FIRST, mailing.now()).lines] == ["mentioned", "assigned"]


def test_who_does_not_read_the_step_can_not_be_named_and_nothing_is_written(mailing: Mailing) -> None:
    before = mailing.workflow()["seq"]
    for name in (f"a{SECOND.account_id}", "khong-co-ai"):
        with pytest.raises(Invalid) as refused:
            comment(mailing, f"@{name}")
        assert name in refused.value.sentence.vi and refused.value.code == "mention"
    assert mailing.workflow()["seq"] == before


def test_who_reads_it_no_more_when_the_mail_leaves_is_told_nothing(mailing: Mailing) -> None:
    comment(mailing, "xem giúp", f"a{SUPERVISOR.account_id}", f"a{FIRST.account_id}")
    mailing.change_account(SUPERVISOR.account_id, roles=["administrator"])
    assert told(mailing) == [(FIRST.account_id, "mentioned")]


def test_a_mention_that_reaches_nobody_says_why(mailing: Mailing) -> None:
    comment(mailing, "xem giúp", f"a{SUPERVISOR.account_id}")
    mailing.change_account(SUPERVISOR.account_id, active=False)
    assert told(mailing) == []
    assert [(n["state"], n["reason"]) for n in mailing.notices(kind="mentioned")] == [("cancelled", "reads-no-more")]


def test_a_comment_that_names_nobody_makes_no_such_notice(mailing: Mailing) -> None:
    comment(mailing)
    assert mailing.notices(kind="mentioned") == []


def test_the_page_offers_who_reads_the_step_and_says_who_was_named(mailing: Mailing) -> None:
    comment(mailing, "xem giúp", f"a{FIRST.account_id}")
    today = mailing.now().today
    page = step_page(mailing.db, FIRST, mailing.step("gop-y", SLOT)["id"], mailing.now(), unit_names(mailing.db, today))
    assert page.detail is not None
    offered = {reader.login for reader in page.detail.readers}
    assert offered == {f"a{OFFICER.account_id}", f"a{FRONT.account_id}"}  # not itself, no other district, nobody who only watches
    assert page.detail.history[0].mentioned == (FIRST.name,)


def test_who_does_the_work_is_offered_before_others_and_who_only_watches_last(mailing: Mailing) -> None:
    mailing.act(OFFICER, "reassign", "gop-y", SLOT, payload={"lead": "huyen-02", "reason": "đổi người"})
    today = mailing.now().today
    page = step_page(mailing.db, OFFICER, mailing.step("gop-y", SLOT)["id"], mailing.now(), unit_names(mailing.db, today))
    assert page.detail is not None
    offered = [reader.login for reader in page.detail.readers]
    assert offered == [f"a{each.account_id}" for each in (SECOND, FIRST, FRONT, SUPERVISOR)]
