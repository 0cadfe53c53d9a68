"""Limits on address, headers, bytes and time of a request, and on how many of them change something within a minute."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Message

from engine.errors import TooFast
from tests.web.office import Office
from web import limits, patience
from web.limits import Counted, Unfit
from web.patience import LARGEST_HEAD, PatientProtocol
from web.rates import Rates


@pytest.mark.parametrize("path", ["/", "/api/v1/my-work"])
def test_an_address_or_headers_that_are_too_long_are_refused_as_everything_is(office: Office, path: str):
    browser = office.browser("huyen-01")
    for status, answer in (
        (414, browser.get(f"{path}?q={'x' * limits.LONGEST_QUERY}")),
        (414, browser.get(f"/steps/{'1' * limits.LONGEST_ADDRESS}")),
        (431, browser.get(path, headers={f"X-{n}": "y" for n in range(limits.MOST_HEADERS)})),
        (431, browser.get(path, headers={"X-A": "y" * limits.LONGEST_HEADERS})),
    ):
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("application/problem+json" if "/api/" in str(answer.url) else "text/html")
    assert browser.get(f"{path}?q={'x' * 8000}").status_code == 200


def parts(*bodies: bytes, pause: float = 0.0) -> Counted:
    """A body that comes in parts, each after ``pause`` seconds; its last one says so."""
    left = list(bodies)

    async def receive() -> Message:
        await asyncio.sleep(pause)
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    return Counted(receive, 100)


async def read(body: Counted, times: int) -> int:
    return sum([len((await body())["body"]) for _ in range(times)])


def status_of(body: Counted, times: int) -> int:
    with pytest.raises(Unfit) as refused:
        asyncio.run(read(body, times))
    return refused.value.status_code


def test_a_body_that_is_too_large_or_too_slow_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    assert asyncio.run(read(parts(b"x" * 60, b"y" * 40), 2)) == 100
    assert status_of(parts(b"x" * 60, b"y" * 41), 2) == 413
    monkeypatch.setattr(limits, "PAUSE", 0.05)
    assert status_of(parts(b"x", b"y", pause=0.2), 2) == 408
    monkeypatch.setattr(limits, "PAUSE", 5)
    monkeypatch.setattr(limits, "START", 0.0)
    assert status_of(parts(b"x", b"y", b"z", pause=0.02), 3) == 408  # letter by letter


def test_a_flood_of_changes_is_told_when_to_go_on_and_reading_goes_on(office: Office):
    office.app.state.rates = Rates(5)
    browser, other = office.browser("huyen-01"), office.browser("huyen-02")
    step = office.step_id("gop-y", "huyen-01")
    answers = [browser.post(f"/steps/{step}/actions/comment", text=f"{n}") for n in range(7)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429] * 2
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 12
    told = browser.api("POST", f"/steps/{step}/actions/comment", json={"payload": {"text": "x"}})
    assert (told.status_code, told.json()["code"], "retry-after" in told.headers) == (429, "too-fast", True)
    assert browser.get("/").status_code == 200
    assert other.post(f"/steps/{office.step_id('gop-y', 'huyen-02')}/actions/comment", text="x").status_code == 303


def test_a_bucket_fills_again_and_none_is_none(monkeypatch: pytest.MonkeyPatch):
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    rates = Rates(60)
    for _ in range(60):
        rates.count("a")
    with pytest.raises(TooFast) as refused:
        rates.count("a")
    assert refused.value.seconds == 1
    clock[0] += 1.0
    rates.count("a")
    Rates(0).count("a")


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server with our protocol, which waits half a second for a request's head."""
    monkeypatch.setattr(patience, "HEADERS_WITHIN", 0.5)

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await asyncio.sleep(1.0)  # longer than a head may take
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, http=PatientProtocol, lifespan="off", log_config=None, h11_max_incomplete_event_size=LARGEST_HEAD)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def said(end: socket.socket, until: bytes) -> bytes:
    """What came until ``until``, or until the end."""
    found = b""
    while not found.endswith(until) and (part := end.recv(1000)):
        found += part
    return found


def test_headers_that_trickle_in_hold_no_place(port: int):
    head = b"GET / HTTP/1.1\r\nHost: x\r\n"
    with socket.create_connection(("127.0.0.1", port), 5) as slow:
        began = time.monotonic()
        slow.sendall(head)
        assert slow.recv(100) == b""  # closed
        assert time.monotonic() - began < 4
    with socket.create_connection(("127.0.0.1", port), 5) as good:
        for _ in range(2):  # and once more on the same connection
            good.sendall(head + b"\r\n")
            assert said(good, b"ok").startswith(b"HTTP/1.1 200")
        good.sendall(head)
        assert said(good, b"never") == b""
    with socket.create_connection(("127.0.0.1", port), 5) as large:
        large.sendall(head + b"X: " + b"y" * (LARGEST_HEAD + 1))
        assert b" 400 " in large.recv(1000)
