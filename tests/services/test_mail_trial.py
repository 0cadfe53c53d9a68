"""Trying the mail server: each thing that can be wrong is said by its own name, and no secret with it."""

from __future__ import annotations

import socket
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from notifications.channels.email import Email, Server
from notifications.channels.envelope import Recipient
from notifications.render import Site
from services.mail_trial import ANSWERS, Trial, try_mail
from tests.factories import at
from tests.notifications.smtp_double import Double, Fault
from tests.notifications.test_email_tls import RIGHT, certificate, serving

NOW = at(date(2024, 7, 25))
SITE = Site("https://dondoc.example.vn", "dondoc@example.vn")
READER = Recipient("Người thử", "a@example.vn")


def tried(port: int, *, to: Recipient | None = READER, host: str = "127.0.0.1", **more: Any) -> Trial:
    server = Server(host, port, **{"sender": SITE.sender, "timeout": 2.0, **more})
    return try_mail(Email(server), to, now=NOW, site=SITE, secret="secret-word")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_working_server_takes_one_mail(language: str) -> None:
    with Double() as server:
        assert tried(server.port, to=Recipient("A", "a@example.vn", language)).code == "sent"
        assert [str(m["Subject"]) for m in server.took] == ["Đôn Đốc: " + ("Thư thử" if language == "vi" else "Test mail")]
        assert tried(server.port, to=None).code == "connected"
        assert len(server.took) == 1


def test_no_such_host_and_nobody_listening() -> None:
    assert tried(25, host="no-such-host.invalid").code in ("name", "timeout")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert tried(port).code == "refused-connection"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault("banner", None), "timeout"),
        (Fault("mail", "553 5.7.1 sender refused"), "refused"),
        (Fault("rcpt", "550 5.1.1 unknown user"), "refused"),
        (Fault("acknowledgement", ""), "lost"),
    ],
)
def test_what_a_server_does_is_said(fault: Fault, code: str) -> None:
    with Double([fault]) as server:
        found = tried(server.port)
    assert (found.code, found.ok) == (code, False)
    assert found.detail


def test_a_server_without_protection_is_not_used_where_protection_is_set() -> None:
    with Double() as server:
        assert tried(server.port, security="starttls").code == "tls"


def test_certificate_and_password(tmp_path: Path) -> None:
    pem = certificate(tmp_path)
    with serving(pem) as port:
        right: dict[str, Any] = {"security": "starttls", "ca_file": pem}
        assert tried(port, **{**right, **RIGHT, "ca_file": None}).code == "certificate"
        wrong = tried(port, **right, user="relay", password="secret-word")
        assert (wrong.code, "secret-word" in wrong.detail) == ("password", False)
        assert tried(port, **{**right, **RIGHT}).code == "sent"


def test_a_secret_that_a_server_repeats_is_blotted_out() -> None:
    with Double([Fault("rcpt", "550 you said secret-word")]) as server:
        assert "secret-word" not in tried(server.port).detail


def test_an_address_that_is_none() -> None:
    with Double() as server:
        assert tried(server.port, to=Recipient("A", "a@b\r\nBcc: x")).code == "address"
    assert all(text.vi and text.en for text in ANSWERS.values())
