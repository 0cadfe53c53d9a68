"""A morning's reminders by SMTP beside bare smtplib: the least program that makes a mail of texts that are there already, and sends it
to the same server over one connection."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage

from sqlalchemy import func, insert, select, update

from benchmarks.measuring import interleaved
from benchmarks.plans import DAY, opened
from benchmarks.report import Row
from models.database import Database
from models.tables import account, membership, message, step
from notifications.channels.email import Email, Server
from notifications.channels.transport import Outcome, Result
from notifications.hours import OfficeHours
from notifications.render import Site
from services.deliver import MailRules, deliver
from services.digest import gather
from services.sweep import sweep
from tests.factories import CALENDAR, at

UNITS = 11
RECENT = date(2024, 11, 1)  # a reminder is about one step or two, not about a year of neglect
SITE = Site("https://dondoc.example.vn", "dondoc@example.vn")
RULES = MailRules(OfficeHours(CALENDAR), SITE)
SHARE = 0.8  # of bare smtplib's rate


def mail_rows(db: Database, *, mails: int, rounds: int) -> Iterator[Row]:
    """Seconds for so many gathered mails, the whole way from the outbox to what came of them, ÷ those of bare smtplib."""
    name, now = "SQLite" if db.sqlite else "PostgreSQL", at(DAY + timedelta(days=7))
    _written(db, mails)
    kept = _Kept()
    deliver(db, now=now, transport=kept, rules=RULES)
    assert len(kept.mails) == mails
    with _sink() as port:
        way = Email(Server("127.0.0.1", port, sender=SITE.sender))

        def ours(_: int) -> float:
            _unsend(db)
            started = time.perf_counter()
            assert deliver(db, now=now, transport=way, rules=RULES).sent == mails
            return time.perf_counter() - started

        mine, bare, ratio = interleaved(rounds, ours, lambda _: _bare(port, kept.mails))
    beside = (
        f"{mails / mine:.0f} mails a second; bare smtplib {mails / bare:.0f}; {100 / ratio:.0f} % of its rate, at least {SHARE:.0%} wanted"
    )
    yield Row(f"{mails:,} reminders by SMTP", name, ratio, "× bare smtplib", 1 / SHARE, beside)


@dataclass(frozen=True, slots=True)
class Plain:
    """A mail as texts."""

    recipient: str
    subject: str
    message_id: str
    text: str
    html: str

    def composed(self) -> EmailMessage:
        """The mail, as the library's own page of examples makes one."""
        mail = EmailMessage()
        mail["From"] = SITE.sender
        mail["To"] = self.recipient
        mail["Subject"] = self.subject
        mail["Message-ID"] = self.message_id
        mail.set_content(self.text)
        mail.add_alternative(self.html, subtype="html")
        return mail


class _Kept:
    """A way out that keeps what it is handed."""

    def __init__(self) -> None:
        self.mails: list[Plain] = []

    @contextmanager
    def connect(self) -> Iterator[_Kept]:
        """Always open."""
        yield self

    def send(self, envelope: EmailMessage, recipient: str) -> Outcome:
        """Take a mail."""
        text, html = (envelope.get_body((kind,)) for kind in ("plain", "html"))
        assert text is not None and html is not None
        self.mails.append(Plain(recipient, envelope["Subject"], envelope["Message-ID"], text.get_content(), html.get_content()))
        return Outcome(Result.SENT, 250)


def _written(db: Database, mails: int) -> None:
    """As many people, and one gathered mail for each in the outbox."""
    opened(db, units=UNITS, workflows=1)
    ids = range(1, mails + 1)
    people = [
        {"id": n, "login": f"p{n}", "name": f"Nguyễn Văn {n}", "address": f"p{n}@example.vn", "language": "vi", "roles": []} for n in ids
    ]
    with db.write() as connection:
        connection.execute(insert(account), [{**p, "title": "", "password_hash": "", "active": True} for p in people])
        members = [{"account_id": n, "unit": f"don-vi-{n % UNITS + 1:03}", "role": "officer"} for n in ids]
        connection.execute(insert(membership), members)
        connection.execute(update(step).where(step.c.due_on < RECENT).values(status="done", due_at=None, next_rung_at=None))
    now = at(DAY + timedelta(days=7))
    sweep(db, now=now, calendar=CALENDAR)
    gather(db, now=now, hours=RULES.hours, site=SITE)
    with db.read() as connection:
        assert connection.execute(select(func.count()).select_from(message)).scalar_one() == mails


def _unsend(db: Database) -> None:
    with db.write() as connection:
        connection.execute(update(message).values(state="pending", attempts=0, next_try_at=message.c.created_at))


def _bare(port: int, mails: list[Plain]) -> float:
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for mail in mails:
            client.send_message(mail.composed())
    return time.perf_counter() - started


@contextmanager
def _sink() -> Iterator[int]:
    """A mail server in a process of its own that takes everything and keeps nothing; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5):
                return
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
