"""Webhooks: added with a secret that is kept nowhere, told once and under one id of what they subscribe to, whatever happens."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select, update

from engine.definition import Text
from engine.errors import InvalidFields, NotFound, Refused
from models.database import Database
from models.tables import journal_entry, webhook, webhook_message, workflow
from notifications.channels.web import Web, WebRules
from notifications.signing import signature
from notifications.webhook_kinds import of_groups
from services.sweep import sweep
from services.verify_journal import verify
from services.webhooks import MOST, add, messages, remove, resend, webhooks
from tests.factories import CALENDAR, OFFICER, district, festival
from tests.notifications.http_double import DROP, GARBAGE, HANG, HttpDouble
from tests.services.hooked import MASTER, Hooked
from tests.services.mailing import SITE

HOUR = timedelta(hours=1)


@pytest.fixture
def office(db: Database) -> Hooked:
    return Hooked(db)


def chase(office: Hooked, n: int = 1) -> None:
    office.act(OFFICER, "chase", "gop-y", f"huyen-{n:02}", payload={"text": "điều mật", "urgent": "yes"})


def test_what_happens_is_told_signed_and_once(office: Hooked) -> None:
    with HttpDouble() as there:
        made = office.hook(there.url)
        office.act(district(1), "submit", "gop-y", "huyen-01")  # nobody confirms: completed, not subscribed to
        chase(office, 2)
        assert office.tell().sent == 1
        assert office.tell(HOUR).sent == 0
    (request,) = there.taken
    signed = signature(made.secret, request.headers["webhook-id"], int(request.headers["webhook-timestamp"]), request.body)
    assert request.headers["webhook-signature"] == signed
    assert request.headers["content-type"].startswith("application/cloudevents+json")
    event = request.event
    assert (event["type"], event["source"]) == ("dondoc.step.chased", SITE.base_url)
    assert event["data"]["plan"] == "1/KH-TEST"
    assert event["data"]["step"]["unit"] == "huyen-02"
    assert event["data"]["step"]["url"] == f"{SITE.base_url}/steps/{event['data']['step']['id']}"
    assert "điều mật" not in request.body.decode()


def test_what_happened_before_a_webhook_was_there_is_none_of_its_business(office: Hooked) -> None:
    chase(office)
    office.day += timedelta(days=1)
    with HttpDouble() as there:
        office.hook(there.url)
        office.day += timedelta(days=1)
        chase(office, 2)
        office.day += timedelta(days=1)
        office.hook(there.url, name="thứ hai")
        assert office.tell().sent == 1
        assert len(there.taken) == 1


def test_the_sweep_and_a_fan_out_are_told(office: Hooked) -> None:
    with HttpDouble() as there:
        office.hook(there.url, "step.overdue", "step.opened", "workflow.opened")
        office.day += timedelta(days=100)
        sweep(office.db, now=office.now(), calendar=CALENDAR)
        assert office.tell().sent == 4
    assert {e.event["type"] for e in there.taken} == {"dondoc.step.overdue"}
    assert len({e.event["id"] for e in there.taken}) == 4


def test_nothing_of_a_confidential_workflow_leaves_but_number_and_date(db: Database) -> None:
    plan = festival()
    steps = tuple(replace(s, title=Text(f"chuyện kín {s.code}")) for s in plan.key_tasks[0].workflows[0].steps)
    secret = replace(plan.key_tasks[0].workflows[0], title=Text("chuyện kín"), steps=steps, confidential=True)
    office = Hooked(db, definition=replace(plan, key_tasks=(replace(plan.key_tasks[0], workflows=(secret,)),)))
    with HttpDouble() as there:
        office.hook(there.url, "step.extension-granted", "step.chased")
        office.act(OFFICER, "grant-extension", "gop-y", "huyen-01", payload={"until": "2024-09-30", "document": "về chuyện kín"})
        chase(office, 2)
        assert office.tell().sent == 2
    assert "chuyện kín" not in b"".join(e.body for e in there.taken).decode()
    assert there.taken[0].event["data"]["step"]["due_on"] == "2024-09-30"
    assert "details" not in there.taken[0].event["data"]


@pytest.mark.parametrize("answer", ["500 Oh", "429 Slow", "404 Not Here", "302 Found", DROP, GARBAGE, HANG])
def test_whatever_the_other_side_does_nothing_is_lost_and_none_has_two_ids(sqlite: Database, answer: str) -> None:
    office = Hooked(sqlite)
    with HttpDouble([answer]) as there:
        office.hook(there.url)
        for n in (1, 2, 3):
            chase(office, n)
        for hours in range(4):
            office.tell(hours * HOUR)
    states = [e["state"] for e in office.events()]
    lost, refused = answer in (DROP, GARBAGE, HANG), answer[:1] in "34" and not answer.startswith("429")
    assert states == (["refused", "sent", "sent"] if refused else ["sent"] * 3)
    assert len(set(there.ids)) == 3
    assert len(there.ids) == (3 if refused else 4)
    assert [e["lost"] for e in office.events()] == [int(lost), 0, 0]


def test_a_lost_answer_can_be_held_instead(office: Hooked) -> None:
    with HttpDouble([DROP]) as there:
        office.hook(there.url)
        chase(office)
        office.tell(send_again=False)
        office.tell(HOUR, send_again=False)
        assert [e["state"] for e in office.events()] == ["ambiguous"]
        resend(office.db, office.events()[0]["id"], actor=OFFICER, now=office.now(later=HOUR))
        office.tell(2 * HOUR, send_again=False)
    assert [e["state"] for e in office.events()] == ["sent"]
    assert len(set(there.ids)) == 1


def test_days_of_silence_cost_no_attempts_and_hold_up_nobody_else(office: Hooked) -> None:
    with HttpDouble() as there:
        office.hook("http://127.0.0.1:9/nobody", name="im lặng")
        office.hook(there.url, name="còn sống")
        chase(office)
        summaries = [office.tell(hours * HOUR) for hours in range(24)]
    assert (summaries[0].sent, summaries[0].silent, summaries[-1].waiting) == (1, ["im lặng"], 1)
    silent = office.hooks()[0]
    assert silent["failures"] > 3 and "ConnectError" in silent["trouble"]
    assert summaries[1].silent == ["im lặng"] and sum(bool(s.silent) for s in summaries) < 12  # it is left alone for longer and longer
    assert [(e["state"], e["attempts"]) for e in office.events()] == [("pending", 0), ("sent", 1)]


def test_who_dies_with_a_claim_leaves_it_to_be_found(office: Hooked) -> None:
    with HttpDouble() as there:
        office.hook(there.url)
        chase(office)
        office.collect()
        with office.db.write() as connection:
            connection.execute(update(webhook_message).values(state="sending", lease_until=office.now().system, attempts=1))
        assert office.tell(HOUR).ambiguous == 1
        assert [e["state"] for e in office.events()] == ["sent"]
    assert len(there.taken) == 1


def test_two_who_collect_at_once_make_one_message_each(office: Hooked) -> None:
    office.hook("http://127.0.0.1:9/")
    for n in (1, 2, 3):
        chase(office, n)
    threads = [Thread(target=office.collect) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(office.events()) == 3


def test_a_removed_webhook_hears_nothing_and_what_waited_says_why(office: Hooked) -> None:
    with HttpDouble() as there:
        made = office.hook(there.url)
        chase(office)
        office.collect()
        remove(office.db, made.id, actor=OFFICER, now=office.now())
        chase(office, 2)
        assert office.tell().waiting == 0
    assert not there.taken and not webhooks(office.db)
    assert [line.reason for line in messages(office.db)] == ["webhook đã gỡ"]
    with pytest.raises(NotFound):
        remove(office.db, made.id, actor=OFFICER, now=office.now())


def test_the_secret_is_in_no_table_and_no_log(office: Hooked, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with HttpDouble(["500 Oh"]) as there:
        made = office.hook(there.url)
        chase(office)
        office.tell()
    with office.db.read() as connection:
        stored = [str(row) for table in (webhook, webhook_message, journal_entry) for row in connection.execute(select(table))]
    assert not [row for row in stored if made.secret in row or made.secret.removeprefix("whsec_") in row]
    assert made.secret not in caplog.text
    assert made.secret not in repr(office.hooks())


def test_adding_removing_and_sending_again_are_journaled(office: Hooked) -> None:
    with HttpDouble(["404 No"]) as there:
        made = office.hook(there.url)
        chase(office)
        office.tell()
        resend(office.db, office.events()[0]["id"], actor=OFFICER, now=office.now())
        remove(office.db, made.id, actor=OFFICER, now=office.now())
    with office.db.read() as connection:
        query = select(journal_entry).where(journal_entry.c.stream == "office").order_by(journal_entry.c.seq)
        found = [(e.action, e.account_id) for e in connection.execute(query)]
    assert found[-3:] == [("add-webhook", 101), ("resend", 101), ("remove-webhook", 101)]
    assert not verify(office.db).faults


def test_what_is_wrong_is_said_at_its_field_all_at_once_and_nothing_is_saved(office: Hooked) -> None:
    office.web = Web(WebRules())
    with pytest.raises(InvalidFields) as wrong:
        office.hook("https://169.254.169.254/latest/meta-data/", "step.nonsense", name="a\x00b")
    assert list(wrong.value.problems) == ["name", "url", "kinds"]
    assert "169.254.169.254" in wrong.value.problems["url"].vi
    with pytest.raises(InvalidFields) as empty:
        add(office.db, name=" ", url="", kinds=(), actor=OFFICER, now=office.now(), web=office.web, master=MASTER)
    assert list(empty.value.problems) == ["name", "url", "kinds"]
    assert not office.hooks()


def test_another_choice_holds_from_then_on_and_is_journaled_once(office: Hooked) -> None:
    with HttpDouble() as there:
        made = office.hook(there.url, "step.completed")
        chase(office)
        office.act(district(2), "submit", "gop-y", "huyen-02")  # neither was looked at before another choice is made
        for _ in range(2):  # the second says nothing new
            office.choose(made.id, "step.chased", groups=["chasing"])
        with pytest.raises(InvalidFields) as strange:
            office.choose(made.id, groups=["nonsense"])
        assert "nonsense" in strange.value.problems["kinds"].vi
        chase(office, 3)
        assert office.tell().sent == 2
    told = [(request.event["type"], request.event["data"]["step"]["unit"]) for request in there.taken]
    assert told == [("dondoc.step.completed", "huyen-02"), ("dondoc.step.chased", "huyen-03")]
    assert sorted(webhooks(office.db)[0].kinds) == sorted(of_groups(["chasing"]))
    with office.db.read() as connection:
        made_of = select(journal_entry.c.body).where(journal_entry.c.action == "choose-webhook-events")
        (entry,) = connection.execute(made_of).scalars()
    assert entry["facts"][0]["kinds"] == sorted(of_groups(["chasing"]))
    assert not verify(office.db).faults


def test_two_webhooks_of_one_name_are_refused(office: Hooked) -> None:
    office.hook("http://127.0.0.1:9/")
    with pytest.raises(InvalidFields) as twice:
        office.hook("http://127.0.0.1:9/", name="TRỤC LIÊN THÔNG")
    assert list(twice.value.problems) == ["name"]


def test_more_than_so_many_are_refused(office: Hooked, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST == 20
    monkeypatch.setattr("services.webhooks.MOST", 1)
    office.hook("http://127.0.0.1:9/")
    with pytest.raises(InvalidFields) as many:
        office.hook("http://127.0.0.1:9/", name="Thứ hai")
    assert list(many.value.problems) == ["name"] and len(office.hooks()) == 1


def test_trying_sends_one_event_that_counts_for_nothing(office: Hooked) -> None:
    with HttpDouble(["200 OK", "500 Oh"]) as there:
        made = office.hook(there.url)
        assert office.trial(made.id).code == 200
        assert office.trial(made.id).code == 500
        with pytest.raises(NotFound):
            office.trial(99)
    assert there.taken[0].event["type"] == "dondoc.trial"
    assert not office.events()


def test_what_was_taken_is_not_sent_again(office: Hooked) -> None:
    with HttpDouble() as there:
        office.hook(there.url)
        chase(office)
        office.tell()
    with pytest.raises(Refused):
        resend(office.db, office.events()[0]["id"], actor=OFFICER, now=office.now())


def test_an_event_is_plain_json_of_a_kilobyte_or_so(office: Hooked) -> None:
    office.hook("http://127.0.0.1:9/")
    chase(office)
    office.collect()
    assert len(json.dumps(office.events()[0]["data"])) < 2_000


def test_without_a_webhook_the_journal_is_not_even_looked_at(office: Hooked) -> None:
    chase(office)
    assert office.collect() == 0
    with office.db.read() as connection:
        assert connection.execute(select(workflow.c.seq)).scalar_one() > 0
