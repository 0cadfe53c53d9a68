"""Everything that runs, and how each part of it is killed and seen to be back."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from tests.journeys.stack import Stack, free_port, until
from wiring.settings import CHECKOUT

BACK_WITHIN_S = 240.0
MAIL_WITHIN_S = 10.0


class Victim(StrEnum):
    """What is killed."""

    WEB = "web"
    ORCHESTRATOR = "orchestrator"
    PREFECT = "prefect"
    SMTP = "smtp"


PART = {Victim.WEB: "cli.entry serve", Victim.ORCHESTRATOR: "cli.entry orchestrate", Victim.PREFECT: "prefect_main server start"}
"""What tells the child's command line from the others."""
MAILING = {Victim.ORCHESTRATOR, Victim.SMTP}
"""Those who are killed while mails leave."""


@dataclass
class Machine:
    """`dondoc up` on ``data`` with a mail server beside it. Use as a context."""

    data: Path
    mail_port: int = field(default_factory=free_port)
    stack: Stack = field(init=False)
    mail: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        mail = {"DONDOC_SMTP_HOST": "127.0.0.1", "DONDOC_SMTP_PORT": str(self.mail_port), "DONDOC_SMTP_SECURITY": "none"}
        self.stack = Stack(self.data, environment=mail)

    @property
    def mails(self) -> Path:
        """Where the mail server keeps what it acknowledged."""
        return self.data / "mails"

    def __enter__(self) -> Machine:
        with ExitStack() as undo:
            undo.callback(self.__exit__)  # what was started is stopped even if the pages never answer
            self.start_mail()
            self.stack.start(prefect=False)
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.stop(signal.SIGTERM)
        self.stop_mail()

    def start_mail(self) -> None:
        """Start the mail server; it is not waited for."""
        command = (sys.executable, "-m", "tests.reliability.mail_server", str(self.mails), str(self.mail_port))
        self.mail = subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.DEVNULL)

    def stop_mail(self) -> None:
        """Kill the mail server."""
        if self.mail is not None:
            self.mail.kill()
            self.mail.wait()

    def kill(self, victim: Victim) -> float:
        """kill -9 it, and wait until it serves again; the seconds that took. The supervisor starts its children, we the mail server."""
        process = self.mail.pid if victim is Victim.SMTP and self.mail else self.stack.child(PART[victim])
        if victim in MAILING:
            self.while_mails_leave()
        at, begin = datetime.now(UTC), time.monotonic()
        os.kill(process, signal.SIGKILL)
        if victim is Victim.SMTP:
            self.stop_mail()
            self.start_mail()
        back: dict[Victim, Callable[[], object]] = {
            Victim.WEB: lambda: self.stack.get("/healthz"),
            Victim.ORCHESTRATOR: lambda: self.delivered_since(at),
            Victim.PREFECT: lambda: self.stack.prefect("health", None),
            Victim.SMTP: self.takes_mail,
        }
        until(f"{victim} is back", back[victim], seconds=BACK_WITHIN_S, every=0.1)
        return time.monotonic() - begin

    def while_mails_leave(self) -> None:
        """Wait for the next mail to arrive, some seconds at most: where nothing is in flight nothing can be lost."""
        before, end = self.mail_count(), time.monotonic() + MAIL_WITHIN_S
        while self.mail_count() == before and time.monotonic() < end:
            time.sleep(0.005)

    def mail_count(self) -> int:
        """How many mails arrived."""
        folder = self.mails / "new"
        return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0

    def takes_mail(self) -> bool:
        """Whether the mail server answers."""
        from smtplib import SMTP

        with SMTP("127.0.0.1", self.mail_port, timeout=5) as server:
            return server.noop()[0] == 250

    def delivered_since(self, instant: datetime) -> bool:
        """Whether a delivery was done to its end after ``instant``."""
        return self.last_delivery() > instant.strftime("%Y-%m-%d %H:%M:%S.%f")

    def last_delivery(self) -> str:
        """When one last was, as stored."""
        with closing(sqlite3.connect(f"file:{self.data / 'dondoc.sqlite'}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT at FROM heartbeat WHERE name = 'deliver'").fetchone()
        return str(row[0]) if row else ""
