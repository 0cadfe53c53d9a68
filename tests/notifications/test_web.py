"""Webhooks over real connections: to the address that was judged and no other, within one time limit, whatever the other side does."""

from __future__ import annotations

import socket
import ssl
import time
from ipaddress import IPv4Address, ip_network
from pathlib import Path

import pytest

from notifications.channels import web as channel
from notifications.channels.transport import Result
from notifications.channels.web import Web, WebRules
from tests.notifications.http_double import DRIBBLE, DROP, GARBAGE, HANG, HttpDouble
from tests.notifications.test_email_tls import certificate

LOOPBACK = (ip_network("127.0.0.0/8"),)
NAME = "hooks.example.vn"


def way(*addresses: str, timeout: float = 5, tls: ssl.SSLContext | None = None) -> Web:
    """Loopback and http allowed; every name has ``addresses``."""
    rules = WebRules(plain_http=True, allowed=LOOPBACK, timeout=timeout)
    return Web(rules, resolver=lambda host, port: [IPv4Address(a) for a in addresses], tls=tls) if addresses else Web(rules, tls=tls)


@pytest.mark.parametrize(
    ("answer", "result", "usable"),
    [
        ("200 OK", Result.SENT, True), ("204 No Content", Result.SENT, True), ("202 Accepted", Result.SENT, True),
        ("301 Moved", Result.REFUSED, True), ("307 Temporary Redirect", Result.REFUSED, True), ("400 Bad", Result.REFUSED, True),
        ("401 Who", Result.REFUSED, True), ("404 Not Found", Result.REFUSED, True), ("410 Gone", Result.REFUSED, True),
        ("408 Timeout", Result.RETRY, False), ("429 Too Many", Result.RETRY, False), ("500 Oh", Result.RETRY, False),
        ("503 Later", Result.RETRY, False), (DROP, Result.AMBIGUOUS, False), (GARBAGE, Result.AMBIGUOUS, False),
        (HANG, Result.AMBIGUOUS, False), (DRIBBLE, Result.AMBIGUOUS, False),
    ],
)  # fmt: skip
def test_what_an_answer_means(answer: str, result: Result, usable: bool) -> None:
    with HttpDouble([answer]) as there:
        started = time.monotonic()
        found = way(timeout=0.5).post(there.url, b"{}", {"X-A": "b"})
    assert (found.result, found.usable) == (result, usable)
    assert time.monotonic() - started < 4
    assert there.taken[0].headers["x-a"] == "b" and there.taken[0].body == b"{}"
    assert found.detail.isprintable()


def test_a_redirect_leads_nowhere() -> None:
    with HttpDouble() as elsewhere, HttpDouble(["302 Found"], extra=f"Location: {elsewhere.url}\r\n") as there:
        found = way().post(there.url, b"{}", {})
    assert (found.result, elsewhere.connections) == (Result.REFUSED, 0)


def test_nobody_there_is_no_attempt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert way().post(f"http://127.0.0.1:{port}/", b"", {}).result is Result.UNTRIED
    assert way().post("http://no-such-host.invalid/", b"", {}).result is Result.UNTRIED


def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    """A name server that gives a public address first and loopback afterwards leads nowhere: it is asked once."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[IPv4Address]:
        asked.append(host)
        return [IPv4Address("127.0.0.1" if len(asked) == 1 else "169.254.169.254")]

    with HttpDouble() as there:
        web = Web(WebRules(plain_http=True, allowed=LOOPBACK), resolver=rebinding)
        assert web.post(f"http://{NAME}:{there.port}/hook", b"{}", {}).result is Result.SENT
        assert there.taken[0].headers["host"] == f"{NAME}:{there.port}"
        assert asked == [NAME]
        assert web.post(f"http://{NAME}:{there.port}/hook", b"{}", {}).result is Result.UNTRIED
        assert there.connections == 1


def test_a_name_with_one_forbidden_address_is_forbidden() -> None:
    web = Web(WebRules(), resolver=lambda host, port: [IPv4Address("8.8.8.8"), IPv4Address("10.0.0.1")])
    found = web.wrong_with(f"https://{NAME}/")
    assert found is not None and "10.0.0.1" in found.en


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"])
def test_every_way_of_writing_loopback_is_loopback(host: str) -> None:
    with HttpDouble() as there:
        web = Web(WebRules(plain_http=True))
        assert web.wrong_with(f"http://{host}:{there.port}/") is not None
        assert web.post(f"http://{host}:{there.port}/", b"", {}).result is Result.UNTRIED
    assert there.connections == 0


def test_a_certificate_is_checked_against_the_name_and_not_the_address(tmp_path: Path) -> None:
    pem = certificate(tmp_path)  # for 127.0.0.1
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    trusting = ssl.create_default_context(cafile=pem)
    with HttpDouble(tls=serving) as there:
        assert way(tls=trusting).post(there.url, b"{}", {}).result is Result.SENT
        unknown = way().post(there.url, b"{}", {})
        assert (unknown.result, "CERTIFICATE_VERIFY_FAILED" in unknown.detail) == (Result.UNTRIED, True)
        other = way("127.0.0.1", tls=trusting).post(f"https://{NAME}:{there.port}/", b"{}", {})
        assert (other.result, "certificate" in other.detail) == (Result.UNTRIED, True)
    assert len(there.taken) == 1


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with HttpDouble() as there:
        assert way().post(there.url, b"{}", {}).result is Result.SENT


def test_names_are_looked_up_by_the_system() -> None:
    assert IPv4Address("127.0.0.1") in channel.resolve("localhost", 80)
