"""Mail through a real Postfix that wants STARTTLS, with a certificate of a private authority: what arrives, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from models.database import Database
from notifications.channels.email import Email, Server
from services.deliver import DeliverySummary, MailRules, Timing, deliver
from services.mail_trial import try_mail
from tests.factories import MEMBER, OFFICER
from tests.notifications.postfix_server import STRANGER, Postfix, running, why_not
from tests.notifications.private_ca import Authority, authority
from tests.services.mailing import HOURS, SITE, Mailing

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is one")
MONDAY = date(2024, 7, 22)


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ca") / "ca.pem")


@pytest.fixture
def postfix(ca: Authority, tmp_path: Path) -> Iterator[Postfix]:
    with running(ca.sign(tmp_path / "server.pem", "127.0.0.1")) as server:
        yield server


def way(server: Postfix, ca_file: Path, security: str = "starttls") -> Email:
    return Email(Server("127.0.0.1", server.port, security, sender=SITE.sender, ca_file=ca_file, timeout=20))


def send(mailing: Mailing, by: Email) -> DeliverySummary:
    return deliver(mailing.db, now=mailing.now(), transport=by, rules=MailRules(HOURS, SITE), timing=Timing())


def bodies(mail: EmailMessage) -> tuple[str, str]:
    """The text and the HTML of a mail."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and html is not None
    return text.get_content(), html.get_content()


def test_a_letter_and_a_gathered_mail_arrive_as_they_were_written(sqlite: Database, postfix: Postfix, ca: Authority) -> None:
    mailing = Mailing(sqlite)
    mailing.morning(date(2024, 5, 2))
    mailing.morning(MONDAY)  # by the played way; what is new below goes through Postfix
    mailing.act(OFFICER, "submit", "ke-hoach", payload={"evidence": {"kh": {"number": "12/KH", "date": "2024-06-01"}}})
    mailing.act(MEMBER, "return", "ke-hoach", payload={"reason": "Thiếu phụ lục số 2; đề nghị bổ sung"})
    mailing.expand()
    mailing.act(OFFICER, "comment", "gop-y", "huyen-01", payload={"text": "Đề nghị góp ý kỹ mục “thời hạn”"})
    mailing.day += timedelta(days=1)
    mailing.gather()
    expected = {m["message_id"]: m for m in mailing.messages(state="pending")}
    assert send(mailing, way(postfix, ca.file)).sent == len(expected) == 2
    arrived = {str(mail["Message-ID"]): mail for mail in postfix.received(len(expected))}
    assert arrived.keys() == expected.keys()
    letter = next(arrived[id_] for id_, m in expected.items() if m["kind"] == "returned")
    assert letter["Subject"] == "Trả lại: NV4 · 2024, bước 1 - ke-hoach"
    assert all("Thiếu phụ lục số 2; đề nghị bổ sung" in body for body in bodies(letter))
    digest = next(arrived[id_] for id_, m in expected.items() if m["kind"] == "digest" and m["account_id"] == 201)
    assert digest["Subject"] == "23/07/2024: 1 tin mới"
    assert all("Đề nghị góp ý kỹ mục “thời hạn”" in body for body in bodies(digest))
    assert digest.get_content_type() == "multipart/alternative" and f"{SITE.base_url}/preferences" in digest["List-Unsubscribe"]
    assert all("using TLSv1" in str(mail["Received"]) for mail in arrived.values())


def test_another_authority_is_not_believed_and_nothing_leaves(sqlite: Database, postfix: Postfix, tmp_path: Path) -> None:
    mailing = Mailing(sqlite)
    mailing.expand()
    wrong = way(postfix, authority(tmp_path / "other.pem").file)
    summary = send(mailing, wrong)
    assert (summary.sent, "CERTIFICATE_VERIFY_FAILED" in summary.unreachable) == (0, True)
    assert {(m["state"], m["attempts"]) for m in mailing.messages()} == {("pending", 0)}
    assert not mailing.deliveries() and not postfix.received(1, within=1)
    assert try_mail(wrong, None, now=mailing.now(), site=SITE).code == "certificate"


def test_without_protection_the_server_takes_nothing_and_nothing_is_lost(sqlite: Database, postfix: Postfix, ca: Authority) -> None:
    mailing = Mailing(sqlite)
    mailing.expand()
    plain = send(mailing, way(postfix, ca.file, "none"))
    assert plain.sent == 0 and "STARTTLS" in plain.unreachable
    assert {m["state"] for m in mailing.messages()} == {"pending"}
    assert mailing.deliver(later=timedelta(hours=1), way=way(postfix, ca.file)).sent == 4  # type: ignore[arg-type]


def test_one_reader_whom_the_server_does_not_know_is_refused_alone(sqlite: Database, postfix: Postfix, ca: Authority) -> None:
    mailing = Mailing(sqlite)
    mailing.change_account(201, address=STRANGER)
    mailing.expand()
    summary = send(mailing, way(postfix, ca.file))
    assert (summary.sent, summary.refused) == (3, 1)
    (refused,) = mailing.messages(state="refused")
    assert (refused["account_id"], "no such person" in refused["reason"]) == (201, True)
    assert len(postfix.received(3)) == 3
