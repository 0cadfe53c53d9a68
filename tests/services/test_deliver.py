"""Messages leave once, and what came of each is known: whatever the server does, whoever else delivers, whenever we die."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from models.database import Database
from notifications.channels.transport import Outcome, Result
from notifications.keys import message_id
from services.deliver import GIVE_UP_AFTER, LEASE, MailRules, Timing, deliver
from services.outbox import counts
from tests.factories import OFFICER, district, person
from tests.services.mailing import HOURS, SITE, Mailing, Way

HOUR = timedelta(hours=1)


class Killed(BaseException):
    """The process ends here: nothing after this runs."""


@pytest.fixture
def mailing(db: Database) -> Mailing:
    made = Mailing(db)
    made.expand()
    return made


def many(mailing: Mailing, number: int) -> None:
    """``number`` messages more, one each for so many people of a unit."""
    mailing.people(*(person(1000 + n, "huyen-01") for n in range(number)))
    mailing.act(OFFICER, "chase", "gop-y", "huyen-01", payload={"text": "gấp"})
    mailing.change_account(201, active=False)
    mailing.expand()


def always(outcome: Outcome) -> Way:
    return Way(lambda mail: outcome)


def losing(account_id: int) -> Way:
    """A way that loses the acknowledgement of one person's mails."""
    lost = Outcome(Result.AMBIGUOUS, None, "connection lost", usable=False)
    return Way(lambda mail: lost if f"a{account_id}@" in str(mail["To"]) else None)


def test_everything_leaves_once(mailing: Mailing) -> None:
    first, again = mailing.deliver(), mailing.deliver()
    assert (first.sent, first.waiting, again.sent) == (4, 0, 0)
    assert sorted(mailing.way.ids) == sorted(m["message_id"] for m in mailing.messages())
    assert {m["state"] for m in mailing.messages()} == {"sent"}
    assert [(d["outcome"], d["code"]) for d in mailing.deliveries()] == [("sent", 250)] * 4
    assert mailing.way.connections == 1


def test_told_to_stop_it_ends_between_two_messages_and_leaves_the_rest_as_it_was(mailing: Mailing) -> None:
    summary = deliver(
        mailing.db, now=mailing.now(), transport=mailing.way, rules=MailRules(HOURS, SITE), stopping=lambda: len(mailing.way.mails) == 2
    )
    assert (summary.sent, summary.waiting, len(mailing.way.mails)) == (2, 2, 2)
    assert sorted((m["state"], m["attempts"], m["lost"]) for m in mailing.messages()) == [("pending", 0, 0)] * 2 + [("sent", 1, 0)] * 2
    assert mailing.deliver(later=timedelta(minutes=1)).sent == 2  # at the next start, without waiting for a lease


def test_no_transaction_is_open_while_the_network_is(mailing: Mailing) -> None:
    def act_meanwhile(mail: object) -> None:
        if mailing.status("gop-y", "huyen-01") == "open":
            mailing.act(district(1), "accept", "gop-y", "huyen-01")

    assert mailing.deliver(way=Way(act_meanwhile)).sent == 4  # would wait for ever for the database otherwise
    assert mailing.status("gop-y", "huyen-01") == "in-progress"


def test_two_who_deliver_at_once_send_each_message_once(mailing: Mailing) -> None:
    many(mailing, 100)
    barrier, ways = Barrier(3), [Way() for _ in range(3)]

    def run(way: Way) -> None:
        barrier.wait()
        mailing.deliver(way=way)

    threads = [Thread(target=run, args=(way,)) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [id_ for way in ways for id_ in way.ids]
    assert len(sent) == len(set(sent)) == len(mailing.messages(state="sent")) == 103
    assert len(mailing.deliveries()) == 103


def test_without_a_server_nothing_is_claimed_and_no_attempt_counts(mailing: Mailing) -> None:
    mailing.way.down = "example.vn:25 ConnectionRefusedError"
    for _ in range(30):
        assert mailing.deliver().unreachable == mailing.way.down
    assert {(m["state"], m["attempts"]) for m in mailing.messages()} == {("pending", 0)}
    assert not mailing.deliveries()
    mailing.way.down = ""
    assert mailing.deliver().sent == 4


def test_nothing_leaves_out_of_hours(mailing: Mailing) -> None:
    assert mailing.deliver(hour=19).sent == 0
    assert mailing.way.connections == 0
    assert mailing.deliver(hour=9).sent == 4


def test_not_now_is_tried_again_after_a_growing_while(mailing: Mailing) -> None:
    busy = always(Outcome(Result.RETRY, 451, "451 later"))
    assert mailing.deliver(way=busy).retried == 4
    assert {(m["state"], m["attempts"], m["reason"]) for m in mailing.messages()} == {("pending", 1, "451 later")}
    assert mailing.deliver(later=timedelta(seconds=59)).sent == 0
    assert mailing.deliver(way=busy, later=timedelta(minutes=1)).retried == 4
    assert mailing.deliver(later=timedelta(minutes=5)).sent == 0
    assert mailing.deliver(later=timedelta(minutes=6)).sent == 4
    assert len(set(mailing.way.ids)) == 4


def test_not_now_for_days_is_a_refusal(mailing: Mailing) -> None:
    busy = always(Outcome(Result.RETRY, 451, "451 later"))
    for n in range(GIVE_UP_AFTER):
        mailing.deliver(way=busy, later=n * 5 * HOUR)
    assert counts(mailing.db)["refused"] == 4
    assert mailing.deliver(later=1000 * HOUR).sent == 0


def test_a_refusal_concerns_that_recipient_alone(mailing: Mailing) -> None:
    way = Way(lambda mail: Outcome(Result.REFUSED, 550, "550 no such person") if "a202@" in str(mail["To"]) else None)
    summary = mailing.deliver(way=way)
    assert (summary.sent, summary.refused) == (3, 1)
    assert [(m["account_id"], m["reason"]) for m in mailing.messages(state="refused")] == [(202, "550 no such person")]


def test_a_refused_sender_stops_the_run_and_refuses_nobody(mailing: Mailing) -> None:
    summary = mailing.deliver(way=always(Outcome(Result.RETRY, 550, "550 who are you", stops=True)))
    assert summary.unreachable == "550 who are you"
    assert [m["attempts"] for m in mailing.messages()] == [1, 0, 0, 0]
    assert {m["state"] for m in mailing.messages()} == {"pending"}


def test_a_lost_acknowledgement_is_shown_and_sent_once_more_as_the_same_mail(mailing: Mailing) -> None:
    first = losing(202)
    assert mailing.deliver(way=first).ambiguous == 1
    doubtful = mailing.messages(account_id=202)[0]
    assert (doubtful["state"], doubtful["reason"], doubtful["lost"]) == ("ambiguous", "connection lost", 1)
    assert mailing.deliver(later=timedelta(minutes=4)).sent == 0
    assert mailing.deliver(later=timedelta(minutes=5)).sent == 1
    assert mailing.way.ids == [doubtful["message_id"]]
    assert doubtful["message_id"] in first.ids


def test_a_second_lost_acknowledgement_is_left_to_people(mailing: Mailing) -> None:
    for hours in range(3):
        mailing.deliver(way=losing(202), later=hours * HOUR)
    doubtful = mailing.messages(account_id=202)[0]
    assert (doubtful["state"], doubtful["lost"], doubtful["attempts"]) == ("ambiguous", 2, 2)


def test_ambiguous_mail_is_held_where_the_office_says_so(mailing: Mailing) -> None:
    mailing.deliver(way=losing(202), send_again=False)
    assert mailing.deliver(later=HOUR, send_again=False).sent == 0
    assert mailing.messages(account_id=202)[0]["state"] == "ambiguous"


def test_a_broken_connection_leaves_the_rest_of_the_group_untouched(mailing: Mailing) -> None:
    broken = [Outcome(Result.RETRY, None, "dropped", usable=False)]
    way = Way(lambda mail: broken.pop() if broken else None)
    summary = mailing.deliver(way=way)
    assert (summary.sent, summary.retried, way.connections) == (3, 1, 2)
    assert [m["attempts"] for m in mailing.messages()] == [1, 1, 1, 1]


def test_a_server_that_only_breaks_is_given_up_for_this_run(mailing: Mailing) -> None:
    way = always(Outcome(Result.RETRY, None, "dropped", usable=False))
    summary = mailing.deliver(way=way)
    assert way.connections == 3
    assert summary.unreachable == "dropped"


@pytest.mark.parametrize("taken", [True, False])
def test_dying_in_the_middle_leaves_it_ambiguous_and_the_same_mail_is_sent_again(mailing: Mailing, taken: bool) -> None:
    first = Way()

    def die(mail: object) -> None:
        if len(first.mails) == 2:
            if taken:
                first.mails.append(mail)  # type: ignore[arg-type]
            raise Killed

    first.outcome = die
    with pytest.raises(Killed):
        mailing.deliver(way=first)
    assert {m["state"] for m in mailing.messages()} == {"sending"}
    assert mailing.deliver(later=LEASE - timedelta(seconds=1)).sent == 0
    summary = mailing.deliver(later=LEASE)
    assert (summary.ambiguous, summary.sent) == (4, 4)
    assert set(mailing.way.ids) == {m["message_id"] for m in mailing.messages()} >= set(first.ids)
    assert [d["outcome"] for d in mailing.deliveries()] == ["ambiguous"] * 4 + ["sent"] * 4


def test_an_acknowledgement_counts_even_after_the_lease(mailing: Mailing) -> None:
    """Slow, not dead: another found the lease run out, but the server did take the mail."""

    def overtaken(mail: object) -> None:
        if mailing.messages()[0]["state"] == "sending":
            mailing.deliver(later=LEASE, way=Way(down="down"))

    assert mailing.deliver(way=Way(overtaken)).sent == 4
    assert {m["state"] for m in mailing.messages()} == {"sent"}
    assert mailing.deliver(later=2 * HOUR).sent == 0


def test_a_late_outcome_does_not_overwrite_what_another_did(mailing: Mailing) -> None:
    other = Way()

    def overtaken(mail: object) -> Outcome:
        mailing.deliver(later=LEASE, way=other)
        return Outcome(Result.RETRY, 451, "451 later")

    mailing.deliver(way=Way(overtaken))
    assert len(other.ids) == 4
    assert {m["state"] for m in mailing.messages()} == {"sent"}


def test_what_became_untrue_meanwhile_is_cancelled_and_not_sent(mailing: Mailing) -> None:
    mailing.act(district(1), "submit", "gop-y", "huyen-01")
    summary = mailing.deliver()
    assert (summary.sent, summary.cancelled) == (3, 1)
    cancelled = mailing.messages(account_id=201)[0]
    assert (cancelled["state"], cancelled["reason"], cancelled["attempts"]) == ("cancelled", "status:done", 0)
    assert mailing.told(account_id=201)[0]["state"] == "cancelled"


def test_somebody_who_left_meanwhile_gets_nothing(mailing: Mailing) -> None:
    mailing.change_account(202, active=False)
    assert mailing.deliver().cancelled == 1
    assert mailing.messages(account_id=202)[0]["reason"] == "left"


def test_a_corrected_address_is_used(mailing: Mailing) -> None:
    mailing.change_account(202, address="new@example.vn")
    mailing.deliver()
    assert any("new@example.vn" in str(mail["To"]) for mail in mailing.way.mails)


def test_a_mail_that_cannot_be_written_stands_in_nobodys_way(mailing: Mailing) -> None:
    mailing.change_account(201, address="no address")
    mailing.change_account(202, name="x\r\nBcc: y@z.vn")
    summary = mailing.deliver()
    assert (summary.sent, summary.refused) == (2, 2)
    assert {"Unsendable: not a mail address: 'no address'", "Unsendable: control character in the name"} == {
        m["reason"] for m in mailing.messages(state="refused")
    }


def test_the_limit_spaces_the_mails_out(mailing: Mailing) -> None:
    clock, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    rules = MailRules(HOURS, SITE, per_minute=30)
    deliver(mailing.db, now=mailing.now(), transport=mailing.way, rules=rules, timing=Timing(lambda: clock[0], sleep))
    assert slept == [2.0, 2.0, 2.0]


def test_a_replay_needs_no_way_out(mailing: Mailing) -> None:
    many(mailing, 50)
    summary = deliver(mailing.db, now=mailing.now(), transport=None, rules=MailRules(HOURS, SITE))
    assert (summary.sent, summary.waiting) == (54, 0)
    assert len(mailing.deliveries()) == 54
    assert {m["state"] for m in mailing.messages()} == {"sent"}


def test_every_message_id_is_the_hash_of_its_key(mailing: Mailing) -> None:
    many(mailing, 30)
    mailing.deliver()
    assert sorted(mailing.way.ids) == sorted(message_id(m["key"]) for m in mailing.messages(state="sent"))
