"""Delivery over real connections: to the small mailbox, and to a server that misbehaves at each phase in each way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from models.database import Database
from notifications.channels.email import Email, Server
from notifications.keys import message_id
from runtime.mailbox import MailboxServer
from services.deliver import MailRules, Timing, deliver
from tests.factories import MEMBER, OFFICER, district
from tests.notifications.smtp_double import PHASES, Double, Fault
from tests.services.mailing import HOURS, SITE, Mailing

FAULTS = {"4xx": "451 later", "5xx": "550 never", "drop": "", "garbage": "garbage", "hang": None}


def over(mailing: Mailing, port: int, later: timedelta = timedelta(), timeout: float = 2):
    way = Email(Server("127.0.0.1", port, sender=SITE.sender, timeout=timeout))
    rules = MailRules(HOURS, SITE)
    return deliver(mailing.db, now=mailing.now(later=later), transport=way, rules=rules, timing=Timing(sleep=lambda _: None))


def test_a_return_arrives_readable_in_vietnamese(sqlite: Database, tmp_path: Path) -> None:
    mailing = Mailing(sqlite)
    mailing.act(OFFICER, "submit", "ke-hoach", payload={"evidence": {"kh": {"number": "12/KH", "date": "2024-06-01"}}})
    mailing.act(MEMBER, "return", "ke-hoach", payload={"reason": "Thiếu phụ lục số 2; đề nghị bổ sung"})
    mailing.expand()
    with MailboxServer(tmp_path / "mailbox") as box:
        assert over(mailing, box.port).sent == 4
        header = box.mailbox.page(to="a101@")[0]
        mail = box.mailbox.read(header.id)
    assert header.subject == "Trả lại: NV4 · 2024, bước 1 - ke-hoach"
    assert header.message_id == mailing.messages(kind="returned")[0]["message_id"]
    assert "Thiếu phụ lục số 2; đề nghị bổ sung" in mail.text and "Thiếu phụ lục số 2" in mail.html
    assert f"{SITE.base_url}/steps/" in mail.text


@pytest.mark.parametrize("way", FAULTS)
@pytest.mark.parametrize("phase", PHASES)
def test_whatever_breaks_no_mail_is_lost_and_none_has_two_ids(sqlite: Database, phase: str, way: str) -> None:
    """One fault, then a server that works: every message ends sent or refused, under its own Message-ID."""
    mailing = Mailing(sqlite)
    mailing.expand()
    with Double([Fault(phase, FAULTS[way])]) as server:
        for hours in range(4):
            over(mailing, server.port, timedelta(hours=hours), timeout=0.3 if way == "hang" else 2)
    ids = {m["message_id"] for m in mailing.messages()}
    arrived = [str(m["Message-ID"]) for m in server.took]
    refused = mailing.messages(state="refused")
    ambiguous = phase in ("body", "acknowledgement") and way in ("drop", "garbage", "hang")
    assert {m["state"] for m in mailing.messages()} <= {"sent", "refused"}
    assert set(arrived) == ids - {m["message_id"] for m in refused}
    assert len(arrived) - len(set(arrived)) == (1 if ambiguous and phase == "acknowledgement" else 0)
    assert [m["reason"] for m in refused] == (["550 never"] if way == "5xx" and phase in PHASES[3:] else [])
    assert [m["message_id"] for m in mailing.messages()] == [message_id(m["key"]) for m in mailing.messages()]
    if way == "4xx" and phase in PHASES[2:]:
        assert [d["detail"] for d in mailing.deliveries() if d["outcome"] == "retry"] == ["451 later"]
    assert bool([d for d in mailing.deliveries() if d["outcome"] == "ambiguous"]) is ambiguous


def test_three_districts_get_their_own_mail(sqlite: Database) -> None:
    mailing = Mailing(sqlite)
    mailing.act(OFFICER, "chase", "gop-y", "huyen-02", payload={"text": "gấp"})
    mailing.expand()
    with Double() as server:
        over(mailing, server.port)
    assert server.recipients.count(f"a{district(2).account_id}@example.vn") == 2
    assert server.connections == 1
