"""Mail in a replay: notices become messages as they do in earnest, and count as sent without leaving.

What is made in the last days before the demonstration's day is left to the real delivery, so that the mailbox holds it at the start, and
unread, so that inboxes do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from engine.calendar import WorkCalendar
from engine.instants import Now
from models.database import Database
from notifications.hours import OfficeHours
from notifications.render import Site
from services.brief_mail import send_briefs
from services.deliver import MailRules, deliver
from services.digest import gather
from services.expand import expand
from services.inbox import everybody_read


class Post(Protocol):
    """What the clock brings about mail."""

    def morning(self, db: Database, now: Now) -> None:
        """07:30: reminders are gathered, news becomes messages, and all leaves."""

    def evening(self, db: Database, now: Now) -> None:
        """18:00: what the day brought leaves."""


class NoPost:
    """Notices stay notices."""

    def morning(self, db: Database, now: Now) -> None:
        """Leave them."""

    def evening(self, db: Database, now: Now) -> None:
        """Leave them."""


class NullPost:
    """Messages are made and count as sent; from ``kept_from`` on they stay pending."""

    def __init__(self, calendar: WorkCalendar, site: Site, *, kept_from: datetime | None = None) -> None:
        self.hours, self.site, self.kept_from = OfficeHours(calendar), site, kept_from

    def morning(self, db: Database, now: Now) -> None:
        """Gather the day's mails, then as in the evening. Briefs are made of what is kept: nobody reads those of years ago."""
        if self.kept_from is not None and now.business >= self.kept_from:
            send_briefs(db, now=now, hours=self.hours, site=self.site)
        self._leave(db, now, gather(db, now=now, hours=self.hours, site=self.site).notices)

    def evening(self, db: Database, now: Now) -> None:
        """Make messages of what came, count them as sent, and have everybody read their inbox."""
        self._leave(db, now)

    def _leave(self, db: Database, now: Now, gathered: int = 0) -> None:
        told = gathered + expand(db, now=now, hours=self.hours, site=self.site).notices
        if told and (self.kept_from is None or now.business < self.kept_from):
            everybody_read(db, now=now)
            deliver(db, now=now, transport=None, rules=MailRules(self.hours, self.site))


NO_POST = NoPost()
