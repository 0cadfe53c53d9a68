"""Limits on what one request may be: its address, its headers, its bytes, the time it takes to arrive.

Generous for people and programs that mean well; what exceeds them is refused before anything is done.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_ADDRESS = 2048  # letters of the path
LONGEST_QUERY = 16 * 1024  # a list of 500 ticked steps is 8 KB
MOST_HEADERS = 100
LONGEST_HEADERS = 32 * 1024
BESIDE = 32 * 1024 * 1024  # bytes that a request may hold beside one largest file: further files, the form
PAUSE = 20.0  # seconds without a byte of a body that is still to come
SLOWEST = 16 * 1024  # bytes a second below which, after a start, a body takes too long
START = 30.0  # seconds within which any body may be slow
LET_BY = 1024 * 1024 * 1024  # bytes beyond the largest body that somebody may still read and let go by
LET_BY_WITHIN = 300.0  # seconds


class Unfit(HTTPException):
    """A request beyond the limits. An `HTTPException`, because the framework lets those pass out of its body reading."""


class TooLarge(Unfit):
    """A body of more than ``largest`` bytes. ``part``: what was too much, None where no more may be read.

    The form's reader goes on all the same and lets files go by: to know what was typed beside them, and because a browser whose sending is
    cut off shows no answer.
    """

    def __init__(self, largest: int, part: Message | None) -> None:
        super().__init__(413)
        self.largest, self.part = largest, part


class BodyLimits:
    """Stops reading a body after ``largest`` bytes, whatever Content-Length claimed, and one that comes too slowly."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app, self.largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its bytes and its time counted."""
        await self.app(scope, Counted(receive, self.largest) if scope["type"] == "http" else receive, send)


class Counted:
    """What ``receive`` gives, until it is too much or too slow."""

    def __init__(self, receive: Receive, largest: int) -> None:
        self._receive, self._largest = receive, largest
        self._count, self._began, self._over, self._ended = 0, 0.0, 0.0, False

    async def __call__(self) -> Message:
        """The next part. Raises `Unfit` with 408, or `TooLarge`, which holds the part."""
        if self._ended:
            return await self._receive()  # waits for the other end to go, which may take as long as an open page
        now = asyncio.get_running_loop().time
        self._began = self._began or now()
        try:
            async with asyncio.timeout(PAUSE):
                message = await self._receive()
        except TimeoutError:
            raise Unfit(408) from None
        self._count += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        if self._count > self._largest:
            self._over = self._over or now()
            last = self._count > self._largest + LET_BY or now() - self._over > LET_BY_WITHIN
            raise TooLarge(self._largest, None if last else message)
        if not self._ended and now() - self._began > START + self._count / SLOWEST:
            raise Unfit(408)
        return message


def check_head(request: Request) -> None:
    """Raise `Unfit` with 414 or 431 for an address or headers beyond the limits."""
    headers: list[tuple[bytes, bytes]] = request.scope["headers"]
    if len(request.url.path) > LONGEST_ADDRESS or len(request.scope["query_string"]) > LONGEST_QUERY:
        raise Unfit(HTTPStatus.REQUEST_URI_TOO_LONG)
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LONGEST_HEADERS:
        raise Unfit(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
