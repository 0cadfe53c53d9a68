"""What a way out promises to whoever delivers: a connection that takes one envelope at a time and says what came of it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol


class Result(StrEnum):
    """What came of one attempt."""

    SENT = "sent"  # the server took it and said so
    REFUSED = "refused"  # it never will, for this recipient
    RETRY = "retry"  # not now
    AMBIGUOUS = "ambiguous"  # handed over, and the acknowledgement was lost
    UNTRIED = "untried"  # it never got as far as this message: nothing is known about it


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt's result. ``code``: the server's reply code, if there was one. ``usable``: the connection can take the next one.

    ``stops``: the trouble is ours or the server's, not the recipient's, so that the others would fare no better.
    """

    result: Result
    code: int | None = None
    detail: str = ""
    usable: bool = True
    stops: bool = False


class Unreachable(Exception):
    """No connection. ``detail`` is what the network or the server said.

    ``kind``: name | refused-connection | timeout | certificate | tls | password | answer | no-server | other.
    """

    def __init__(self, detail: str, kind: str = "other") -> None:
        super().__init__(detail)
        self.detail, self.kind = detail, kind


class Session(Protocol):
    """One open connection."""

    def send(self, envelope: EmailMessage, recipient: str) -> Outcome:
        """Hand over one message. Never raises for what a server or a network does."""


class Transport(Protocol):
    """A way out."""

    def connect(self) -> AbstractContextManager[Session]:
        """Open a connection; raises `Unreachable`."""


@dataclass(frozen=True, slots=True)
class NoWayOut:
    """Stands where there is no way out at present; ``detail`` and ``kind`` (of `Unreachable`) say why. Messages wait."""

    detail: str
    kind: str = "other"

    def connect(self) -> AbstractContextManager[Session]:
        """Always raises `Unreachable`."""
        raise Unreachable(self.detail, self.kind)
