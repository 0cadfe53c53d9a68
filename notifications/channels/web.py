"""Webhooks over HTTP. The name is looked up once, judged, and the connection goes to that very address, so that no second answer of a
name server can lead it elsewhere. Redirects are not followed, proxies not used, little is read, and it all has one time limit.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from engine.definition import Text
from engine.errors import Invalid
from engine.web_address import IPAddress, Network, WebAddress, objection, read_url
from notifications.channels.transport import Outcome, Result

SAID = 200  # characters of an answer that are kept
AGAIN = frozenset({408, 425, 429, *range(500, 600)})
Resolve = Callable[[str, int], Sequence[IPAddress]]


@dataclass(frozen=True, slots=True)
class WebRules:
    """What may be reached. ``allowed``: networks that may be although they are not public. ``timeout``: seconds for a whole attempt."""

    plain_http: bool = False
    allowed: tuple[Network, ...] = ()
    timeout: float = 10.0


def resolve(host: str, port: int) -> Sequence[IPAddress]:
    """Every address of ``host``. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found))


class Web:
    """The way out for webhooks."""

    def __init__(self, rules: WebRules, *, resolver: Resolve = resolve, tls: ssl.SSLContext | None = None) -> None:
        self.rules, self._resolve = rules, resolver
        self._tls = tls or ssl.create_default_context()

    def reachable(self, url: str) -> tuple[WebAddress, IPAddress]:
        """The address taken apart, and the machine to connect to. Raises Invalid; OSError where the name is not known."""
        found = read_url(url, plain_http=self.rules.plain_http)
        addresses = (found.literal,) if found.literal else self._resolve(found.host, found.port)
        against = objection(addresses, self.rules.allowed)
        if against is not None:
            raise Invalid(against, code="web-address", field="url")
        return found, addresses[0]

    def wrong_with(self, url: str) -> Text | None:
        """What is wrong with ``url`` as a webhook's address, None if nothing."""
        try:
            self.reachable(url)
        except Invalid as bad:
            return bad.text
        except OSError:
            return Text("Không tìm thấy máy có tên này.", "There is no host of this name.")
        return None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Hand over ``body``. Never raises for what the other side or the network does."""
        try:
            found, machine = self.reachable(url)
        except Invalid as bad:
            return Outcome(Result.UNTRIED, None, bad.text.en, usable=False)
        except OSError as unknown:
            return Outcome(Result.UNTRIED, None, _trouble(unknown), usable=False)
        pinned = _Pinned(str(machine), self.rules.timeout)
        try:
            with httpcore.ConnectionPool(ssl_context=self._tls, network_backend=pinned, max_connections=1) as pool:
                return _posted(pool, found.url, body, headers)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, ssl.SSLError) as trouble:
            return Outcome(Result.UNTRIED, None, _trouble(trouble), usable=False)
        except (httpcore.WriteError, httpcore.WriteTimeout) as trouble:
            return Outcome(Result.RETRY, None, _trouble(trouble), usable=False)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as trouble:
            return Outcome(Result.AMBIGUOUS, None, _trouble(trouble), usable=False)


def _posted(pool: httpcore.ConnectionPool, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    with pool.stream("POST", url, headers=[*headers.items(), ("Content-Length", str(len(body)))], content=body) as answer:
        code = answer.status
        if 200 <= code < 300:
            return Outcome(Result.SENT, code)
        if 300 <= code < 400:
            return Outcome(Result.REFUSED, code, f"{code}: redirects are not followed")
        again = code in AGAIN
        return Outcome(Result.RETRY if again else Result.REFUSED, code, f"{code} {_said(answer)}".strip(), usable=not again)


def _said(answer: httpcore.Response) -> str:
    """The beginning of what an answer says, on one line."""
    read = b""
    try:
        for chunk in answer.iter_stream():
            read += chunk
            if len(read) >= SAID:
                break
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as trouble:
        return _trouble(trouble)
    text = "".join(c if c.isprintable() else " " for c in read.decode("utf-8", "replace"))
    return " ".join(text.split())[:SAID]


def _trouble(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"[:SAID]


class _Pinned(httpcore.NetworkBackend):
    """Connects to one address whatever name it is asked for, and lets everything together take so many seconds."""

    def __init__(self, machine: str, seconds: float) -> None:
        self._machine, self._until = machine, time.monotonic() + seconds
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._plain.connect_tcp(self._machine, port, _left(self._until, httpcore.ConnectTimeout), local_address, socket_options)
        return _Bounded(stream, self._until)


class _Bounded(httpcore.NetworkStream):
    """A connection whose every wait ends at the same instant, however slowly the other side feeds it."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:  # fmt: skip
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, _left(self._until, httpcore.ConnectTimeout)), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float, late: type[httpcore.TimeoutException]) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise late("the time for the whole attempt is over")
    return left
