"""The envelope of a mail: headers and two bodies, made here and nowhere else, so that nothing unexpected leaves."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
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


class Subject(str):
    """A subject that folds itself: the standard library's folding loses the space where it splits encoded words."""

    name = "Subject"
    defects: tuple[Any, ...] = ()

    def fold(self, *, policy: Policy) -> str:
        """The whole header as it goes over the line."""
        encoded = Header(str(self), "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {encoded}{policy.linesep}"


def envelope(content: Rendered, to: Recipient, *, message_id: str, at: datetime, site: Site) -> EmailMessage:
    """The mail itself. ``at`` (aware) is its date.

    Raises `Unsendable` for control characters in the subject or a name and for an address that is none: either could smuggle in
    a header or a recipient.
    """
    for what, value in (("subject", content.subject), ("name", to.name), ("sender's name", site.product)):
        if any(unicodedata.category(letter) == "Cc" for letter in value):
            raise Unsendable(f"control character in the {what}")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _parsed("From", str(_address(site.product, site.sender)))
    mail["To"] = _address(to.name, to.address)
    mail["Subject"] = Subject(content.subject)
    mail["Date"] = format_datetime(at.astimezone(instants.LOCAL))
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = _parsed("Auto-Submitted", "auto-generated")
    mail["List-Unsubscribe"] = _parsed("List-Unsubscribe", f"<{site.base_url}/preferences>")
    mail["Content-Language"] = _parsed("Content-Language", to.language)
    # base64 needs no promise from the server about eight-bit text and survives any line length
    mail.set_content(content.text, cte="base64")
    mail.add_alternative(content.html, subtype="html", cte="base64")
    return mail


@lru_cache(maxsize=64)
def _parsed(name: str, value: str) -> Any:
    """A header that is the same in every mail, parsed once: parsing headers is the dearest part of making a mail."""
    return SMTP.header_factory(name, value)


@lru_cache(maxsize=4096)
def _address(name: str, address: str) -> Address:
    if not ADDRESS.fullmatch(address):
        raise Unsendable(f"not a mail address: {address!r}")
    user, _, domain = address.rpartition("@")
    return Address(display_name=name, username=user, domain=domain)
