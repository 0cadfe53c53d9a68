"""One line for each request: its number, who asked, which route, how it ended, how long it took.

Never the address (a feed's holds its secret), the query, the body or any header: only the route's pattern.
"""

from __future__ import annotations

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.metrics import REQUESTS
from web.visit import Visit

log = logging.getLogger("dondoc.access")
NO_ROUTE = "(none)"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """Gives each request a number, in the header ``X-Request-Id`` of its answer, and tells of it when it has ended."""

    def __init__(self, app: ASGIApp, *, enabled: bool) -> None:
        self.app, self.enabled = app, enabled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch how it ends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, began, status = secrets.token_hex(8), time.perf_counter(), 500
        scope.setdefault("state", {})["request_id"] = number

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = number
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self._tell(scope, number, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, number: str, status: int, seconds: float) -> None:
        method, route = scope["method"] if scope["method"] in METHODS else "other", route_of(scope)
        REQUESTS.labels(method, route, str(status)).observe(seconds)
        if self.enabled:
            fields = {"request": number, "actor": actor_of(scope), "method": method, "route": route, "status": status}
            log.info("request", extra={"fields": {**fields, "ms": round(seconds * 1000, 1)}})


def route_of(scope: Scope) -> str:
    """The pattern of the route that took the request, such as /steps/{step_id}."""
    if scope["path"].startswith("/static/"):
        return "/static"
    return str(getattr(scope.get("route"), "path", NO_ROUTE))


def actor_of(scope: Scope) -> int | None:
    """The account that asked; None for nobody."""
    visit = scope.get("state", {}).get("visit")
    return visit.person.actor.account_id if isinstance(visit, Visit) and visit.person else None
