"""The envelope of a mail: headers and two bodies, made here and nowhere else, so that nothing unexpected leaves.

Headers carry their folded form with them: parsing each and folding it anew takes several times as long as everything else about a mail.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import encodebytes
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, formataddr
from functools import lru_cache
from typing import Any

from engine import instants
from notifications.render import Rendered, Site

LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})*")


class Unsendable(Exception):
    """This message can never leave as it is; ``detail`` says why."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom it goes to."""

    name: str
    address: str
    language: str = "vi"


class Line(str):
    """A header as it reads, with ``folded``: the same as it goes over the line."""

    name: str
    folded: str
    defects: tuple[Any, ...] = ()

    def __new__(cls, name: str, reads: str, folded: str = "") -> Line:
        line = super().__new__(cls, reads)
        line.name, line.folded = name, folded or f"{name}: {reads}{SMTP.linesep}"
        return line

    def fold(self, *, policy: Policy) -> str:
        """The whole header as it goes over the line; asked for by the library."""
        return self.folded


def envelope(content: Rendered, to: Recipient, *, message_id: str, at: datetime, site: Site) -> EmailMessage:
    """The mail itself. ``at`` (aware) is its date.

    Raises `Unsendable` for control characters in the subject or a name and for an address that is none: either could smuggle in
    a header or a recipient.
    """
    for what, value in (("subject", content.subject), ("name", to.name), ("sender's name", site.product)):
        if any(unicodedata.category(letter) == "Cc" for letter in value):
            raise Unsendable(f"control character in the {what}")
    mail = EmailMessage(policy=SMTP)
    boundary = f"=_{message_id.strip('<>').partition('@')[0]}"  # no body can hold it: they are base64
    for line in (
        _person("From", site.product, site.sender),
        _person("To", to.name, to.address),
        Line("Subject", content.subject, f"Subject: {_encoded('Subject', content.subject)}{SMTP.linesep}"),
        _fixed("Date", format_datetime(at.astimezone(instants.LOCAL))),
        Line("Message-ID", message_id),
        _fixed("Auto-Submitted", "auto-generated"),
        _fixed("List-Unsubscribe", f"<{site.base_url}/preferences>"),
        _fixed("Content-Language", to.language),
        _fixed("MIME-Version", "1.0"),
        Line("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ):
        mail[line.name] = line
    mail.attach(_part("plain", content.text))
    mail.attach(_part("html", content.html))
    return mail


def _part(kind: str, text: str) -> EmailMessage:
    """A body. base64 needs no promise from the server about eight-bit text and survives any line length."""
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = _fixed("Content-Type", f'text/{kind}; charset="utf-8"')
    part["Content-Transfer-Encoding"] = _fixed("Content-Transfer-Encoding", "base64")
    part.set_payload(encodebytes(b"\r\n".join([*text.encode().splitlines(), b""])).decode("ascii"))
    return part


def _encoded(name: str, text: str) -> str:
    """Text for a header: the library's older folding, since the newer one loses the space where it splits encoded words."""
    return Header(text, "utf-8", header_name=name).encode(linesep=SMTP.linesep)


@lru_cache(maxsize=64)
def _fixed(name: str, value: str) -> Line:
    """A header that is the same in many mails."""
    return Line(name, value, SMTP.header_factory(name, value).fold(policy=SMTP))


@lru_cache(maxsize=4096)
def _person(header: str, name: str, address: str) -> Line:
    """Somebody's name with their address. Raises `Unsendable` for an address that is none."""
    if not ADDRESS.fullmatch(address):
        raise Unsendable(f"not a mail address: {address!r}")
    reads = formataddr((name, address)) if name.isascii() else f"{name} <{address}>"
    if name.isascii():
        return Line(header, reads, SMTP.header_factory(header, reads).fold(policy=SMTP))
    return Line(header, reads, f"{header}: {_encoded(header, name)}{SMTP.linesep} <{address}>{SMTP.linesep}")
