"""Mail through yagmail, which opens and signs in the connection; this is the only file that knows it.

Its own ``send`` is never used: it retries inside (a second copy after a lost acknowledgement), attaches a file where a body is a path,
gives equal subjects the same Message-ID, checks no certificate and has no time limit. What leaves is our own envelope.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import yagmail

from notifications.channels.transport import Outcome, Result, Unreachable

PERMANENT = range(500, 600)
FOR_NOW = range(400, 500)


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. ``security``: starttls | tls | none. ``ca_file``: certificates to trust instead of the system's."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = "dondoc@localhost"
    ca_file: Path | None = None
    timeout: float = 20.0


class Email:
    """The transport. One connection a call of `connect`."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def connect(self) -> AbstractContextManager[EmailSession]:
        """Open, protect and sign in a connection. Raises `Unreachable` saying which of these failed."""
        return _connected(self.server)


class EmailSession:
    """One connection. It watches whether the body has begun to leave: only after that can an answer be lost."""

    def __init__(self, client: Any, sender: str) -> None:
        self._smtp: smtplib.SMTP = client.smtp
        self._sender = sender
        self._body_left = False
        plain_send = self._smtp.send

        def send(data: Any) -> None:
            # smtplib sends commands as text and a message's body as bytes
            self._body_left = self._body_left or isinstance(data, bytes)
            plain_send(data)

        self._smtp.send = send

    def send(self, envelope: EmailMessage, recipient: str) -> Outcome:
        """Hand over one message to one recipient; a refusal therefore concerns nobody else."""
        self._body_left = False
        try:
            self._smtp.send_message(envelope, from_addr=self._sender, to_addrs=[recipient])
        except smtplib.SMTPSenderRefused as refused:
            return self._answered(refused.smtp_code, refused.smtp_error, ours=refused.smtp_code != 552)
        except smtplib.SMTPRecipientsRefused as refused:
            return self._answered(*refused.recipients[recipient])
        except smtplib.SMTPResponseException as refused:
            return self._answered(refused.smtp_code, refused.smtp_error)
        except (smtplib.SMTPException, OSError) as trouble:
            return self._broken(trouble)
        return Outcome(Result.SENT, 250)

    def _answered(self, code: int, text: bytes | str, *, ours: bool = False) -> Outcome:
        """What a reply other than the wished one means. ``ours``: it is about the sender, so everybody's mail would meet it."""
        detail = f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"[:300]
        usable = self._smtp.sock is not None and code in (*PERMANENT, *FOR_NOW)
        if code in PERMANENT and not ours:
            return Outcome(Result.REFUSED, code, detail, usable)
        if code in FOR_NOW or code in PERMANENT:
            return Outcome(Result.RETRY, code, detail, usable, stops=ours)
        return Outcome(Result.AMBIGUOUS if self._body_left else Result.RETRY, None, detail, usable=False)

    def _broken(self, trouble: Exception) -> Outcome:
        result = Result.AMBIGUOUS if self._body_left else Result.RETRY
        return Outcome(result, None, f"{type(trouble).__name__}: {trouble}"[:300], usable=False)


@contextmanager
def _connected(server: Server) -> Iterator[EmailSession]:
    client = _client(server)
    try:
        client.login()
    except (smtplib.SMTPException, OSError, ValueError) as trouble:
        _close(client)
        raise Unreachable(f"{server.host}:{server.port} {type(trouble).__name__}: {_said(trouble)}"[:300], _kind(trouble)) from trouble
    try:
        yield EmailSession(client, server.sender)
    finally:
        _close(client)


def _client(server: Server) -> Any:
    """yagmail's client with everything it would otherwise guess, ask for on a terminal or leave unchecked."""
    if server.user and not server.password:
        raise Unreachable("a user without a password", "password")
    context = ssl.create_default_context(cafile=server.ca_file) if server.security != "none" else None
    over_tls = {"context": context} if server.security == "tls" else {}
    return yagmail.SMTP(
        user={server.user or server.sender: ""},  # as a plain text it would get "@gmail.com" where it has no "@"
        password=server.password,
        host=server.host,
        port=server.port,
        smtp_starttls={"context": context} if server.security == "starttls" else False,
        smtp_ssl=server.security == "tls",
        smtp_skip_login=not server.user,
        soft_email_validation=False,
        timeout=server.timeout,
        **over_tls,
    )


_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "name"),
    (ConnectionRefusedError, "refused-connection"),
    (TimeoutError, "timeout"),
    (ssl.SSLCertVerificationError, "certificate"),
    (ssl.SSLError, "tls"),
    (smtplib.SMTPAuthenticationError, "password"),
    (smtplib.SMTPNotSupportedError, "tls"),
    (smtplib.SMTPException, "answer"),
)


def _kind(trouble: Exception) -> str:
    """Which step failed, for whoever has to mend the settings. smtplib calls a silence while it waits a broken connection."""
    if isinstance(trouble, smtplib.SMTPServerDisconnected) and isinstance(trouble.__context__, TimeoutError):
        return "timeout"
    return next((kind for class_, kind in _KINDS if isinstance(trouble, class_)), "other")


def _said(trouble: Exception) -> str:
    if isinstance(trouble, smtplib.SMTPResponseException) and isinstance(trouble.smtp_error, bytes):
        return f"{trouble.smtp_code} {trouble.smtp_error.decode('utf-8', 'replace')}"
    return str(trouble)


def _close(client: Any) -> None:
    client.is_closed = True  # else its destructor would say goodbye a second time
    if client.smtp is not None:
        with suppress(smtplib.SMTPException, OSError):
            client.smtp.quit()
        client.smtp.close()
