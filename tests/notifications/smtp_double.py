"""A mail server on loopback that misbehaves on purpose, at the phase and in the way a test asks for."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

PHASES = ("banner", "ehlo", "mail", "rcpt", "data", "body", "acknowledgement")
"""body: while the mail comes in, before its end; acknowledgement: the answer after the final dot."""


@dataclass(frozen=True)
class Fault:
    """At ``phase`` say ``reply`` instead of the right answer; "" drops the connection; None says nothing for ever. ``times``: how often."""

    phase: str
    reply: str | None = ""
    times: int = 1


@dataclass
class Double:
    """The server. ``took``: mails that it accepted, also those whose acknowledgement it then withheld."""

    faults: list[Fault] = field(default_factory=list)
    took: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Double:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._left = {fault: fault.times for fault in self.faults}
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listen = threading.Thread(target=self._accept, daemon=True)
        self._listen.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in (self._listen, *self._threads):
            thread.join(5)

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as file:
            try:
                self._talk(file)
            except (ConnectionError, _Dropped):
                return

    def _talk(self, file) -> None:
        self._say(file, "banner", "220 double ESMTP")
        while line := file.readline():
            word = line.split(b":")[0].strip().upper()
            if word.startswith((b"EHLO", b"HELO")):
                self._say(file, "ehlo", "250 double")
            elif word == b"MAIL FROM":
                self._say(file, "mail", "250 sender")
            elif word == b"RCPT TO":
                if self._say(file, "rcpt", "250 recipient"):
                    self.recipients.append(line.decode().partition("<")[2].partition(">")[0])
            elif word == b"DATA":
                if self._say(file, "data", "354 go on"):
                    self._take(file)
            elif word == b"QUIT":
                self._say(file, "quit", "221 goodbye")
                return
            else:
                self._say(file, "other", "250 very well")

    def _take(self, file) -> None:
        early = self._fault("body")
        if early is not None:
            file.readline()
            self._answer(file, early.reply)
        lines = []
        while (line := file.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if early is not None:
            return  # it has answered already
        fault = self._fault("acknowledgement")
        if fault is None or not fault.reply or fault.reply[:1] not in "45":
            self.took.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._answer(file, "250 taken" if fault is None else fault.reply)

    def _say(self, file, phase: str, right: str) -> bool:
        fault = self._fault(phase)
        self._answer(file, right if fault is None else fault.reply)
        return fault is None

    def _fault(self, phase: str) -> Fault | None:
        for fault, left in self._left.items():
            if fault.phase == phase and left > 0:
                self._left[fault] -= 1
                return fault
        return None

    def _answer(self, file, reply: str | None) -> None:
        if reply is None:
            self._ending.wait(30)
            raise _Dropped
        if reply == "":
            raise _Dropped
        file.write(reply.encode() + b"\r\n")
        file.flush()


class _Dropped(Exception):
    """The double ends this conversation."""
