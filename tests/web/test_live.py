"""What open pages are told: what moved, to whom it concerns, gathered for whoever is slow."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import Request

from models.sign_ins import end_of_account
from services.accounts import id_of
from services.queries.live import CLOCK, Moment, concerning, look
from tests.factories import OFFICER, at, district, person
from tests.web.office import DAY, Office
from web.pages.live import events
from web.pulse import Pulse
from web.server import Server


def test_a_look_shows_the_workflow_in_which_something_happened(office: Office):
    before = look(office.db)
    office.plan.act(district(1), "accept", "gop-y", "huyen-01")
    assert look(office.db).since(before) == {1}
    assert look(office.db).since(look(office.db)) == frozenset()


def test_a_moved_clock_concerns_everybody():
    before, after = Moment({1: 4}, at(DAY).business), Moment({1: 4, 2: 1}, None)
    assert after.since(before) == {2, CLOCK}


def test_only_those_who_may_know_of_a_workflow_hear_of_it(office: Office):
    told = {name: concerning(office.db, actor, {1, 77, CLOCK}) for name, actor in (("unit", district(1)), ("stranger", person(99)))}
    assert told == {"unit": {1, CLOCK}, "stranger": {CLOCK}}
    assert concerning(office.db, OFFICER, {1, 77}) == {1, 77}


@pytest.mark.parametrize("ended", [True, False])
def test_whose_session_ended_hears_no_more(office: Office, ended: bool):
    browser = office.browser("huyen-01")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
    request = Request({"type": "http", "path": "/live", "headers": [(b"cookie", cookies.encode())], "app": office.app})
    pulse = Pulse(iter([Moment({1: n}) for n in range(100)]).__next__, every=0.01)

    async def hears() -> list[str]:
        stream = events(request, pulse)
        found = [await anext(stream), await anext(stream)]
        if ended:
            with office.db.write() as connection:
                end_of_account(connection, id_of(office.db, "huyen-01"))
        found.append(await anext(stream, "the end"))
        await stream.aclose()
        return found

    retry, *heard = asyncio.run(hears())
    assert retry.startswith("retry")
    news = "event: moved\ndata: [1]\n\n"
    assert heard == [news, "the end" if ended else news]


def test_whoever_is_slow_finds_what_moved_gathered():
    moments = [Moment({1: 1, 2: 1}), Moment({1: 2, 2: 1}), Moment({1: 2, 2: 5})]
    pulse = Pulse(lambda: moments.pop(0) if len(moments) > 1 else moments[0], every=0.01)

    async def slow() -> list[frozenset[int]]:
        changes = pulse.changes(patience=0.2)
        first = await anext(changes)  # nothing listened before: this begins the looking
        await asyncio.sleep(0.1)  # both changes happen meanwhile
        found = [first, await anext(changes), await anext(changes)]
        await changes.aclose()
        return found

    first, then, last = asyncio.run(slow())
    assert first | then == {1, 2}
    assert last == frozenset()


def test_a_look_that_fails_is_made_up_for_by_the_next(caplog):
    answers: Iterator[Moment | OSError] = iter([Moment({1: 1}), OSError("gone"), Moment({1: 2})])

    def look_() -> Moment:
        found = next(answers, Moment({1: 2}))
        if isinstance(found, OSError):
            raise found
        return found

    pulse = Pulse(look_, every=0.01)

    async def first() -> frozenset[int]:
        changes = pulse.changes(patience=5)
        found = await anext(changes)
        await changes.aclose()
        return found

    assert asyncio.run(first()) == {1}
    assert "could not look" in caplog.text


def test_nobody_listens_nobody_looks():
    looks = 0

    def look_() -> Moment:
        nonlocal looks
        looks += 1
        return Moment({1: looks})

    pulse = Pulse(look_, every=0.01)

    async def once_and_gone() -> int:
        changes = pulse.changes(patience=5)
        await anext(changes)
        await changes.aclose()
        await asyncio.sleep(0.05)
        seen = looks
        await asyncio.sleep(0.1)
        return looks - seen

    assert asyncio.run(once_and_gone()) == 0


def test_an_open_page_holds_up_no_stop():
    pulse = Pulse(lambda: Moment({}), every=0.05)

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"retry", "more_body": True})
        async for _ in pulse.changes(patience=30):
            await send({"type": "http.response.body", "body": b".", "more_body": True})
        await send({"type": "http.response.body", "body": b"end"})

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=20), pulse)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        with socket.create_connection(listener.getsockname(), 10) as page:
            page.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
            found = b""
            while b"retry" not in found:
                found += page.recv(1000)
            began, server.should_exit = time.monotonic(), True
            while part := page.recv(1000):
                found += part
        thread.join(10)
    assert b"end" in found and not thread.is_alive() and time.monotonic() - began < 5
