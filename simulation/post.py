"""Mail in a replay: notices become messages as they do in earnest, and leave by a transport that sends nothing."""

from __future__ import annotations

from typing import Protocol

from engine.instants import Now
from models.database import Database


class Post(Protocol):
    """What the clock brings about mail."""

    def gather(self, db: Database, now: Now) -> None:
        """07:30: notices become messages, reminders are gathered, and all leaves."""

    def deliver(self, db: Database, now: Now) -> None:
        """18:00: what the day brought leaves."""


class NoPost:
    """Notices stay notices."""

    def gather(self, db: Database, now: Now) -> None:
        """Leave them."""

    def deliver(self, db: Database, now: Now) -> None:
        """Leave them."""


NO_POST = NoPost()
