"""The small mail server of the demonstration."""

import smtplib

import pytest

from runtime.mailbox import MailboxServer


def test_it_listens_on_loopback_at_a_port_that_others_can_read(tmp_path):
    with MailboxServer(tmp_path / "mailbox") as box:
        assert box.port > 0
        assert int((tmp_path / "mailbox/port").read_text()) == box.port
        with smtplib.SMTP("127.0.0.1", box.port, timeout=5) as client:
            assert client.noop()[0] == 250


def test_two_run_side_by_side(tmp_path):
    with MailboxServer(tmp_path / "a") as a, MailboxServer(tmp_path / "b") as b:
        assert a.port != b.port


def test_what_is_acknowledged_is_on_disk(tmp_path):
    with MailboxServer(tmp_path) as box, smtplib.SMTP("127.0.0.1", box.port, timeout=5) as client:
        client.sendmail("a@x.vn", ["b@x.vn"], b"Subject: hi\r\n\r\nbody")
        assert box.mailbox.count() == 1


def test_what_cannot_be_kept_is_not_acknowledged(tmp_path, monkeypatch):
    def full(*_: object) -> str:
        raise OSError("no space left on device")

    with MailboxServer(tmp_path) as box, smtplib.SMTP("127.0.0.1", box.port, timeout=5) as client:
        monkeypatch.setattr(box.mailbox, "store", full)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("a@x.vn", ["b@x.vn"], b"Subject: hi\r\n\r\nbody")
    assert refused.value.smtp_code == 500
