"""Who may speak plain http to us: this machine, and the proxies that speak https for us. Plain ASGI, outside everything else."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from engine.web_address import Network

REFUSAL = "Chỉ truy cập qua https.\nPlain http is for the proxy alone: use https.\n"


class OnlyProxies:
    """Answers 403 to whoever is not in ``trusted``; believes the others' word on scheme and client."""

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self.trusted = trusted
        self.app = ProxyHeadersMiddleware(app, [network.with_prefixlen for network in trusted])  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from somebody trusted. Without a network (in a test) there is no other end."""
        if scope["type"] == "http" and scope["client"]:
            host, port = scope["client"]
            address = plain(host)
            if not any(address in network for network in self.trusted):
                await PlainTextResponse(REFUSAL, 403)(scope, receive, send)
                return
            scope = {**scope, "client": (str(address), port)}
        await self.app(scope, receive, send)  # type: ignore[arg-type]


def plain(host: str) -> IPv4Address | IPv6Address:
    """The address; of one that a socket for both kinds shows as ``::ffff:10.0.0.1``, the IPv4 one."""
    address = ip_address(host)
    return getattr(address, "ipv4_mapped", None) or address
