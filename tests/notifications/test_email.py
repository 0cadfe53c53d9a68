"""Mail over a real connection, and over every way in which one can break."""

from __future__ import annotations

import pytest

from notifications.channels.email import Email, Server
from notifications.channels.envelope import Recipient, envelope
from notifications.channels.transport import Outcome, Result, Unreachable
from notifications.render import Rendered
from runtime.mailbox import MailboxServer
from tests.notifications.examples import SITE
from tests.notifications.smtp_double import Double, Fault
from tests.notifications.test_envelope import AT

CONTENT = Rendered("Đôn đốc: NV4 · 2024", "Kính gửi Cán bộ", "<p>Kính gửi Cán bộ</p>")


def mail(number: int = 1):
    return envelope(CONTENT, Recipient("Cán bộ", "a@example.vn"), message_id=f"<{number}@dondoc.local>", at=AT, site=SITE)


def way(port: int, timeout: float = 5, **given) -> Email:
    return Email(Server("127.0.0.1", port, sender="dondoc@example.vn", timeout=timeout, **given))


def sent_over(port: int, timeout: float = 5) -> Outcome:
    with way(port, timeout).connect() as session:
        return session.send(mail(), "a@example.vn")


def test_several_mails_over_one_connection():
    with Double() as server, way(server.port).connect() as session:
        outcomes = [session.send(mail(n), "a@example.vn") for n in range(3)]
    assert [o.result for o in outcomes] == [Result.SENT] * 3
    assert server.connections == 1
    assert [m["Message-ID"] for m in server.took] == [f"<{n}@dondoc.local>" for n in range(3)]
    assert server.recipients == ["a@example.vn"] * 3


def test_vietnamese_arrives_whole(tmp_path):
    with MailboxServer(tmp_path) as box:
        assert sent_over(box.port).result is Result.SENT
        found = box.mailbox.read(box.mailbox.ids()[0])
    assert found.header.subject == CONTENT.subject
    assert found.text.strip() == CONTENT.text
    assert found.html.strip() == CONTENT.html


BEFORE_THE_BODY = ("mail", "rcpt", "data")


@pytest.mark.parametrize("phase", [*BEFORE_THE_BODY, "body"])
def test_a_refusal_for_now_is_tried_again_later(phase):
    with Double([Fault(phase, "451 later")]) as server:
        outcome = sent_over(server.port)
    assert (outcome.result, outcome.code) == (Result.RETRY, 451)
    assert "451 later" in outcome.detail and not server.took


@pytest.mark.parametrize("phase", ["rcpt", "data", "body"])
def test_a_refusal_for_ever_is_shown(phase):
    with Double([Fault(phase, "550 no such person")]) as server:
        outcome = sent_over(server.port)
    assert (outcome.result, outcome.code, outcome.usable) == (Result.REFUSED, 550, True)
    assert outcome.detail == "550 no such person"


def test_a_refused_sender_is_our_trouble_and_refuses_nobodys_mail():
    with Double([Fault("mail", "550 who are you")]) as server:
        outcome = sent_over(server.port)
    assert (outcome.result, outcome.stops) == (Result.RETRY, True)


def test_a_refused_recipient_leaves_the_connection_to_the_others():
    with Double([Fault("rcpt", "550 gone")]) as server, way(server.port).connect() as session:
        outcomes = [session.send(mail(n), "a@example.vn") for n in range(2)]
    assert [o.result for o in outcomes] == [Result.REFUSED, Result.SENT]
    assert server.connections == 1


@pytest.mark.parametrize("reply", ["", "garbage", "999 what"])
@pytest.mark.parametrize("phase", BEFORE_THE_BODY)
def test_a_break_before_the_body_left_is_no_doubt(phase, reply):
    with Double([Fault(phase, reply)]) as server:
        outcome = sent_over(server.port)
    assert (outcome.result, outcome.usable) == (Result.RETRY, False)
    assert not server.took


@pytest.mark.parametrize("reply", ["", "garbage", "999 what"])
def test_a_break_after_the_body_left_is_ambiguous(reply):
    with Double([Fault("acknowledgement", reply)]) as server:
        outcome = sent_over(server.port)
    assert (outcome.result, outcome.usable) == (Result.AMBIGUOUS, False)
    assert len(server.took) == 1


@pytest.mark.parametrize(("phase", "result"), [("rcpt", Result.RETRY), ("body", Result.AMBIGUOUS)])
def test_a_server_that_falls_silent_is_given_up_in_time(phase, result):
    with Double([Fault(phase, None)]) as server:
        assert sent_over(server.port, timeout=0.3).result is result


def test_a_server_that_closes_says_so_and_is_not_used_again():
    with Double([Fault("rcpt", "421 closing")]) as server:
        outcome = sent_over(server.port)
    assert (outcome.result, outcome.usable) == (Result.RETRY, False)


@pytest.mark.parametrize("fault", [Fault("banner", ""), Fault("banner", "554 go away"), Fault("banner", "garbage")])
def test_no_greeting_no_connection(fault):
    with Double([fault]) as server, pytest.raises(Unreachable):
        sent_over(server.port)


def test_nobody_listening_is_said_plainly():
    with Double() as server:
        port = server.port
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port} ConnectionRefusedError"):
        sent_over(port)


def test_a_server_without_starttls_gets_no_mail_in_the_clear():
    with Double() as server, pytest.raises(Unreachable, match="STARTTLS"), way(server.port, security="starttls").connect():
        pass
    assert not server.took


def test_a_user_without_a_password_asks_nobody_on_a_terminal():
    with pytest.raises(Unreachable, match="without a password"), way(1, user="someone").connect():
        pass


def test_a_user_name_is_used_as_it_is():
    """yagmail adds "@gmail.com" to a name without "@" unless it is told the name in its other form."""
    from notifications.channels.email import _client

    client = _client(Server("127.0.0.1", 1, user="relay", password="x"))
    client.is_closed = True
    assert client.user == "relay"


def test_a_password_is_not_in_what_is_printed():
    assert "secret" not in repr(Server("h", 1, user="u", password="secret"))
