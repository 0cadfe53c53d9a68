"""Plain http is answered to this machine and to named proxies alone, whose word on the client is believed."""

import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from web.proxies import OnlyProxies
from wiring.exposure import trusted
from wiring.settings import Settings

TRUSTED = trusted(Settings(_env_file=None, trusted_proxies="10.20.30.1, fd00::/64"))
SAYS = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with who asks, and how."""
    request = Request(scope)
    assert request.client
    await PlainTextResponse(f"{request.url.scheme} {request.client.host}")(scope, receive, send)


def ask(client: str, headers: dict[str, str]) -> httpx.Response:
    async def one() -> httpx.Response:
        transport = httpx.ASGITransport(OnlyProxies(echo, TRUSTED), client=(client, 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://dondoc.test") as browser:
            return await browser.get("/", headers=headers)

    return asyncio.run(one())


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "10.20.30.1", "::ffff:10.20.30.1", "fd00::7"])
def test_a_proxy_is_believed(client: str) -> None:
    answer = ask(client, SAYS)
    assert (answer.status_code, answer.text) == (200, "https 203.0.113.9")


@pytest.mark.parametrize("client", ["10.20.30.2", "203.0.113.9", "fd00:1::7"])
def test_anybody_else_is_sent_to_https(client: str) -> None:
    answer = ask(client, SAYS)
    assert answer.status_code == 403 and "https" in answer.text
