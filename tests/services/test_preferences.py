"""What a person chooses about mail holds when mail leaves, and only within what the office allows."""

from __future__ import annotations

from datetime import date, time

import pytest

from engine.errors import InvalidFields
from models.database import Database
from notifications.contexts import from_json
from services.deliver import MailRules, deliver
from services.due_mail import mail_is_due
from services.inbox import post
from services.preferences import Preferences, preferences_of, save
from services.queries.inbox import unread_count
from tests.factories import OFFICER, district
from tests.services.mailing import HOURS, SITE, Mailing, heard

DISTRICT, OTHER = 201, 202


@pytest.fixture
def mailing(db: Database) -> Mailing:
    return Mailing(db)


def choose(mailing: Mailing, account: int = DISTRICT, *, open_from: str = "", open_to: str = "", **mail: str) -> Preferences:
    wanted = {name.replace("_", "-"): value for name, value in mail.items()}
    return save(mailing.db, account, language="vi", mail=wanted, open_from=open_from, open_to=open_to, hours=HOURS)


def test_what_is_gathered_comes_once_in_the_next_days_mail(mailing: Mailing) -> None:
    choose(mailing, assigned="digest")
    mailing.expand()
    assert [m["account_id"] for m in mailing.messages(kind="assigned")] == [101, OTHER, 203]
    assert [row["account_id"] for row in mailing.told(state="deferred")] == [DISTRICT]
    mailing.gather()
    (digest,) = mailing.messages(kind="digest", account_id=DISTRICT)
    items = from_json(digest["data"]).items
    assert [item.kind for item in items] == ["assigned"] and mailing.told(state="deferred") == []
    assert [row["message_id"] for row in mailing.told(account_id=DISTRICT, state="carried")] == [digest["id"]]
    mailing.deliver()
    mailing.morning()
    mailing.morning()
    assert len(mailing.messages(kind="digest", account_id=DISTRICT)) == 1


def test_the_gathered_mail_says_what_it_is(mailing: Mailing) -> None:
    choose(mailing, assigned="digest")
    mailing.expand()
    mailing.gather()
    mailing.deliver()
    (mail,) = [m for m in mailing.way.mails if "a201@" in str(m["To"])]
    body = mail.get_body(("plain",))
    assert body is not None and "Việc mới" in body.get_content()
    assert mail["List-Unsubscribe"] == f"<{SITE.base_url}/preferences>"


def test_what_was_put_off_and_is_true_no_more_is_not_said(mailing: Mailing) -> None:
    choose(mailing, assigned="digest")
    mailing.expand()
    mailing.act(district(1), "submit", "gop-y", "huyen-01")
    mailing.gather()
    assert [row["state"] for row in mailing.told(account_id=DISTRICT) if row["message_id"] is None] == ["cancelled"]
    assert "assigned" not in [i.kind for m in mailing.messages(kind="digest", account_id=DISTRICT) for i in from_json(m["data"]).items]


def test_what_comes_after_the_days_mail_waits_for_the_next(mailing: Mailing) -> None:
    choose(mailing, returned="digest")
    mailing.expand()
    mailing.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": "một"})
    mailing.gather()
    mailing.deliver()
    mailing.act(OFFICER, "chase", "gop-y", "huyen-01", payload={"text": "khẩn trương"})
    mailing.expand(10)
    mailing.gather(10)
    assert [row["account_id"] for row in mailing.told(state="deferred")] == [DISTRICT]
    mailing.morning(date(2024, 5, 3))
    digests = mailing.messages(kind="digest", account_id=DISTRICT)
    assert [[i.kind for i in from_json(m["data"]).items] for m in digests] == [["commented"], ["chased"]]


def test_who_wants_no_mail_about_news_gets_none_but_finds_it_in_the_inbox(mailing: Mailing) -> None:
    choose(mailing, news="none")
    mailing.expand()
    mailing.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": "một"})
    mailing.gather()
    assert mailing.messages(kind="digest", account_id=DISTRICT) == []
    assert [row["account_id"] for row in mailing.told(state="muted")] == [DISTRICT]
    assert {n["state"] for n in mailing.notices(kind="commented")} == {"expanded"}
    assert unread_count(mailing.db, district(1)) == 2


def test_urgent_mail_passes_every_choice(mailing: Mailing) -> None:
    choose(mailing, returned="digest", open_from="10:00")
    mailing.expand()
    mailing.act(OFFICER, "chase", "gop-y", "huyen-01", payload={"text": "bão", "urgent": True})
    mailing.expand(21)
    assert mailing.deliver(21).sent == 1
    assert heard(mailing.messages(state="sent")) == [(DISTRICT, "chased")]


def test_mail_waits_for_ones_own_hours(mailing: Mailing) -> None:
    choose(mailing, open_from="10:00", open_to="16:00")
    mailing.expand(8)
    post(mailing.db, now=mailing.now(8))
    assert mailing.deliver(8).sent == 3
    assert not mail_is_due(mailing.db, now=mailing.now(9), hours=HOURS)
    assert mailing.deliver(17).sent == 0
    assert mailing.deliver(16).sent == 1
    assert [m["account_id"] for m in mailing.messages(state="pending")] == []


def test_a_replay_keeps_ones_own_hours_too(mailing: Mailing) -> None:
    choose(mailing, open_from="10:00")
    mailing.expand(8)
    assert deliver(mailing.db, now=mailing.now(8), transport=None, rules=MailRules(HOURS, SITE)).sent == 3


def test_what_was_chosen_is_read_again_and_the_offices_way_is_not_stored(mailing: Mailing) -> None:
    assert preferences_of(mailing.db, DISTRICT) == Preferences()
    chosen = choose(mailing, assigned="digest", returned="immediate", open_from="8h30", open_to="17:00")
    assert chosen == preferences_of(mailing.db, DISTRICT) == Preferences("vi", {"assigned": "digest"}, time(8, 30), time(17, 0))
    assert preferences_of(mailing.db, OTHER) == Preferences()


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"assigned": "none"}, ["mail-assigned"]),
        ({"returned": "none", "overdue": "none"}, ["mail-returned", "mail-overdue"]),
        ({"news": "immediate"}, ["mail-news"]),
        ({"news": "sometimes"}, ["mail-news"]),
        ({"open_from": "06:59"}, ["from"]),
        ({"open_to": "18:01"}, ["to"]),
        ({"open_from": "12:00", "open_to": "12:00"}, ["to"]),
        ({"open_from": "eight"}, ["from"]),
        ({"open_from": "24:00", "open_to": "7:60"}, ["from", "to"]),
        ({"open_to": "07:00"}, ["to"]),
    ],
)
def test_what_the_office_does_not_allow_is_refused_by_field_and_nothing_is_saved(mailing: Mailing, wrong, fields) -> None:
    choose(mailing, assigned="digest")
    with pytest.raises(InvalidFields) as refused:
        choose(mailing, **wrong)
    assert list(refused.value.problems) == fields
    assert all(text.vi and text.en for text in refused.value.problems.values())
    assert preferences_of(mailing.db, DISTRICT).mail == {"assigned": "digest"}
