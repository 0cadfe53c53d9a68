"""A program on loopback that takes webhooks, or misbehaves in the way a test asks for."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import Any

DROP, HANG, GARBAGE, DRIBBLE = "drop", "hang", "garbage", "dribble"


@dataclass
class Taken:
    """One request: its first line, its headers in small letters, its body."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class HttpDouble:
    """The server. ``answers``: status lines or misbehaviours for the next requests; "204 No Content" after them. ``extra``: headers."""

    answers: list[str] = field(default_factory=list)
    extra: str = ""
    tls: ssl.SSLContext | None = None
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> HttpDouble:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
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

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        """The id of every request."""
        return [each.headers["webhook-id"] for each in self.taken]

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

    def _serve(self, plain: socket.socket) -> None:
        try:
            with self.tls.wrap_socket(plain, server_side=True) if self.tls else plain as connection, connection.makefile("rwb") as file:
                self._talk(file)
        except (ConnectionError, ssl.SSLError, ValueError):
            return

    def _talk(self, file: Any) -> None:
        line = file.readline().decode().strip()
        headers: dict[str, str] = {}
        while (header := file.readline().decode().strip()) != "":
            name, _, value = header.partition(": ")
            headers[name.lower()] = value
        self.taken.append(Taken(line, headers, file.read(int(headers.get("content-length", 0)))))
        self._answer(file, self.answers.pop(0) if self.answers else "204 No Content")

    def _answer(self, file: Any, answer: str) -> None:
        if answer == DROP:
            return
        if answer == HANG:
            self._ending.wait(30)
        elif answer == GARBAGE:
            file.write(b"what?\r\n\r\n")
        elif answer == DRIBBLE:
            for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
                if self._ending.wait(0.05):
                    return
                file.write(bytes([letter]))
                file.flush()
        else:
            body = "" if answer.startswith("204") else "no thanks\r\n\x1b[31m"
            file.write(f"HTTP/1.1 {answer}\r\n{self.extra}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
