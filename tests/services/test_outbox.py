"""The outbox shows what became of every message, and sends one again by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.errors import NotFound, Refused
from models.database import Database
from models.tables import journal_entry
from notifications.channels.transport import Outcome, Result
from services.outbox import STATE_TEXT, counts, outbox, resend, shown
from services.verify_journal import verify
from tests.factories import OFFICER
from tests.services.mailing import SITE, Mailing, Way


@pytest.fixture
def mailing(db: Database) -> Mailing:
    made = Mailing(db)
    made.expand()
    return made


def test_every_state_has_a_word_and_a_count(mailing: Mailing) -> None:
    assert counts(mailing.db) == {**dict.fromkeys(STATE_TEXT, 0), "pending": 4}


def test_the_newest_stands_first_and_says_why_it_did_not_leave(mailing: Mailing) -> None:
    mailing.deliver(way=Way(lambda mail: Outcome(Result.REFUSED, 550, "550 no such person") if "a203@" in str(mail["To"]) else None))
    lines = outbox(mailing.db)
    assert (lines[0].name, lines[0].state, lines[0].reason) == ("account 203", "refused", "550 no such person")
    assert [line.state for line in outbox(mailing.db, states=("sent",))] == ["sent"] * 3
    assert len(outbox(mailing.db, offset=3, limit=50)) == 1


def test_a_refused_message_is_sent_again_as_the_same_mail(mailing: Mailing) -> None:
    mailing.deliver(way=Way(lambda mail: Outcome(Result.REFUSED, 550, "550 never")))
    line = outbox(mailing.db)[0]
    resend(mailing.db, line.id, actor=OFFICER, now=mailing.now())
    assert mailing.deliver().sent == 1
    assert mailing.way.ids == [line.message_id]


def test_who_sent_a_message_again_is_journaled_and_a_refusal_is_not(mailing: Mailing) -> None:
    mailing.deliver(way=Way(lambda mail: Outcome(Result.REFUSED, 550, "550 never")))
    line = outbox(mailing.db)[0]
    resend(mailing.db, line.id, actor=OFFICER, now=mailing.now())
    with pytest.raises(Refused):
        resend(mailing.db, line.id, actor=OFFICER, now=mailing.now())
    with mailing.db.read() as connection:
        found = connection.execute(
            select(journal_entry).where(journal_entry.c.stream == "office", journal_entry.c.action == "resend")
        ).all()
    assert [(e.account_id, e.at, e.body["facts"][0]["message"]) for e in found] == [(101, mailing.now().business, line.id)]
    assert found[0].body["facts"][0]["was"] == "refused"
    assert not verify(mailing.db).faults


def test_what_is_on_its_way_or_gone_is_not_sent_again(mailing: Mailing) -> None:
    mailing.deliver()
    with pytest.raises(Refused):
        resend(mailing.db, outbox(mailing.db)[0].id, actor=OFFICER, now=mailing.now())
    with pytest.raises(NotFound):
        resend(mailing.db, 999, actor=OFFICER, now=mailing.now())


def test_a_message_can_be_read_as_it_was_written(mailing: Mailing) -> None:
    found = shown(mailing.db, outbox(mailing.db)[0].id, SITE)
    assert found.subject.startswith("Việc mới: NV4 · 2024, bước 6")
    with pytest.raises(NotFound):
        shown(mailing.db, 999, SITE)
