"""The small mail server of the demonstration: takes every mail on loopback and keeps it in a folder that the pages show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope, Session

from notifications.mailbox import Mailbox
from wiring.clock import system_now

LOOPBACK = "127.0.0.1"
LARGEST = 10 * 1024 * 1024
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Keeper:
    """What the server does with a mail: keeps it. An exception here becomes a 5xx answer, so an acknowledged mail is on disk."""

    def __init__(self, mailbox: Mailbox, clock: Callable[[], datetime]) -> None:
        self.mailbox = mailbox
        self.clock = clock

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        """Store one mail and acknowledge it."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.mailbox.store(raw, (self.clock() - EPOCH) // timedelta(microseconds=1) * 1000)
        return "250 Stored"


class _AnyPort(Controller):
    """Port 0 lets the system choose; the library would then knock at port 0 to see whether it answers."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailboxServer:
    """The server with its folder. Use as a context manager, or `start` and `stop`. ``keeper``: one that keeps mails in its own way."""

    def __init__(self, folder: Path, port: int = 0, clock: Callable[[], datetime] = system_now, keeper: Keeper | None = None) -> None:
        self.mailbox = Mailbox(folder)
        self._controller: Any = _AnyPort(
            keeper or Keeper(self.mailbox, clock), hostname=LOOPBACK, port=port, data_size_limit=LARGEST, ident="Don Doc mailbox"
        )

    def start(self) -> int:
        """Listen; the port, also written to the file ``port`` in the folder for processes started elsewhere."""
        self._controller.start()
        self.mailbox.folder.mkdir(parents=True, exist_ok=True)
        (self.mailbox.folder / "port").write_text(str(self.port), encoding="ascii")
        return self.port

    @property
    def port(self) -> int:
        """The port on loopback."""
        return int(self._controller.port)

    def stop(self) -> None:
        """Stop listening; mails being taken are finished or not acknowledged."""
        self._controller.stop(no_assert=True)

    def __enter__(self) -> MailboxServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
