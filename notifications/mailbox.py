"""A folder of mails, one file each: where the demonstration's mail arrives, and what its page reads.

Written to ``tmp`` and moved to ``new`` when whole, as in a maildir. A file's name begins with the instant it came, so that the newest are
found without opening any; headers are read once per file, bodies when somebody looks.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

NAME = re.compile(r"\d{20}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Header:
    """What a list shows of a mail. ``id`` names it in `Mailbox.read`; ``date`` is the one it bears."""

    id: str
    subject: str
    to: str
    sender: str
    date: datetime | None
    message_id: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A whole mail. ``html`` is untrusted: show it only where no script runs and nothing is fetched."""

    header: Header
    text: str
    html: str


class Mailbox:
    """The mails under ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._headers: dict[str, Header] = {}

    def store(self, raw: bytes, at_ns: int) -> str:
        """Keep a mail that came at ``at_ns`` (nanoseconds of system time); its id. Durable when it returns."""
        for name in ("tmp", "new"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        mail_id = f"{at_ns:020d}-{secrets.token_hex(4)}"
        unfinished = self.folder / "tmp" / mail_id
        with unfinished.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._path(mail_id))
        return mail_id

    def ids(self) -> list[str]:
        """The ids of all mails, newest first."""
        try:
            names = [entry.name.removesuffix(".eml") for entry in os.scandir(self.folder / "new")]
        except FileNotFoundError:
            return []
        return sorted((name for name in names if NAME.fullmatch(name)), reverse=True)

    def count(self) -> int:
        """How many mails there are."""
        return len(self.ids())

    def page(self, *, offset: int = 0, limit: int = 50, to: str = "") -> list[Header]:
        """Headers, newest first. ``to``: only mails whose recipient contains it, whatever the case."""
        wanted: Iterable[str] = self.ids()
        if to:
            wanted = [mail_id for mail_id in wanted if to.casefold() in self.header(mail_id).to.casefold()]
        return [self.header(mail_id) for mail_id in list(wanted)[offset : offset + limit]]

    def header(self, mail_id: str) -> Header:
        """One mail's header. Raises KeyError for an id that names none."""
        if mail_id not in self._headers:
            with self._open(mail_id).open("rb") as file:
                self._headers[mail_id] = _header(mail_id, BytesHeaderParser(policy=policy.default).parse(file))
        return self._headers[mail_id]

    def read(self, mail_id: str) -> Mail:
        """One mail, decoded. Raises KeyError for an id that names none."""
        found = message_from_bytes(self._open(mail_id).read_bytes(), policy=policy.default)
        return Mail(self.header(mail_id), _body(found, "plain"), _body(found, "html"))

    def _open(self, mail_id: str) -> Path:
        """The file of an id; the id comes from an address bar, so it is checked before it becomes a path."""
        if not NAME.fullmatch(mail_id) or not self._path(mail_id).is_file():
            raise KeyError(mail_id)
        return self._path(mail_id)

    def _path(self, mail_id: str) -> Path:
        return self.folder / "new" / f"{mail_id}.eml"


def _header(mail_id: str, found: EmailMessage) -> Header:
    date = found["Date"]
    try:
        at = parsedate_to_datetime(str(date)) if date else None
    except ValueError:
        at = None
    return Header(
        mail_id, str(found["Subject"] or ""), str(found["To"] or ""), str(found["From"] or ""), at, str(found["Message-ID"] or "").strip()
    )


def _body(found: EmailMessage, subtype: str) -> str:
    part = found.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""
