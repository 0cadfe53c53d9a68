"""A played plan whose mail leaves by a way that a test commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import RowMapping, Table, select, update

from engine.definition import PlanDefinition
from engine.instants import Now, at_local
from models.database import Database
from models.tables import account, delivery, message, message_notice, notice
from notifications.channels.transport import Outcome, Result, Unreachable
from notifications.hours import OfficeHours
from notifications.render import Site
from services.deliver import DeliverySummary, MailRules, Timing, deliver
from services.digest import gather
from services.expand import ExpandResult, expand
from services.sweep import sweep
from tests.factories import CALENDAR, CLERK, FRONT, MEMBER, OFFICER, OTHER_MEMBER, district, festival
from tests.services.played import Played

SITE = Site("https://dondoc.example.vn", "dondoc@example.vn")
HOURS = OfficeHours(CALENDAR)
SENT = Outcome(Result.SENT, 250)
EVERYONE = (OFFICER, MEMBER, OTHER_MEMBER, FRONT, CLERK, district(1), district(2), district(3))


@dataclass
class Way:
    """A way out. ``outcome`` says what comes of each mail (None: it is taken); ``down``: why there is no connection."""

    outcome: Callable[[EmailMessage], Outcome | None] = lambda mail: None
    down: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    connections: int = 0

    @contextmanager
    def connect(self) -> Iterator[Way]:
        """Open a connection, or be down."""
        if self.down:
            raise Unreachable(self.down)
        self.connections += 1
        yield self

    def send(self, envelope: EmailMessage, recipient: str) -> Outcome:
        """Take a mail, or do what ``outcome`` says."""
        found = self.outcome(envelope)
        if found is None or found.result in (Result.SENT, Result.AMBIGUOUS):
            self.mails.append(envelope)
        return found or SENT

    @property
    def ids(self) -> list[str]:
        """The Message-ID of every mail that was taken."""
        return [str(mail["Message-ID"]) for mail in self.mails]


class Mailing(Played):
    """A played plan with everybody's accounts; the days pass by `morning`."""

    def __init__(self, db: Database, day: date = date(2024, 5, 2), definition: PlanDefinition | None = None) -> None:
        super().__init__(db, day, definition or festival())
        self.people(*EVERYONE)
        self.way = Way()

    def now(self, hour: int = 9, minute: int = 0, *, later: timedelta = timedelta()) -> Now:
        """A local time of the played day; ``later`` is how far system time has gone beyond it."""
        instant = at_local(self.day, hour, minute)
        return Now(instant, instant + later)

    def expand(self, hour: int = 9) -> ExpandResult:
        """Make the messages that may leave."""
        return expand(self.db, now=self.now(hour), hours=HOURS, site=SITE)

    def gather(self, hour: int = 9) -> ExpandResult:
        """Make the day's gathered mails."""
        return gather(self.db, now=self.now(hour), hours=HOURS, site=SITE)

    def deliver(self, hour: int = 9, *, later: timedelta = timedelta(), way: Way | None = None, **rules: Any) -> DeliverySummary:
        """Send by the played way."""
        given = MailRules(HOURS, SITE, **rules)
        return deliver(
            self.db, now=self.now(hour, later=later), transport=way or self.way, rules=given, timing=Timing(lambda: 0.0, lambda _: None)
        )  # fmt: skip

    def morning(self, day: date | None = None) -> DeliverySummary:
        """What happens at 09:00: the sweep, the gathered mails, the delivery."""
        self.day = day or self.day + timedelta(days=1)
        sweep(self.db, now=self.now(), calendar=CALENDAR)
        self.expand()
        self.gather()
        return self.deliver()

    def rows(self, table: Table, **where: Any) -> list[RowMapping]:
        """Rows of a table, oldest first."""
        query = select(table).where(*(table.c[name] == value for name, value in where.items()))
        with self.db.read() as connection:
            found = list(connection.execute(query).mappings())
        return sorted(found, key=lambda r: r["id"] if "id" in r else r["notice_id"])

    def messages(self, **where: Any) -> list[RowMapping]:
        """Messages."""
        return self.rows(message, **where)

    def notices(self, **where: Any) -> list[RowMapping]:
        """Notices."""
        return self.rows(notice, **where)

    def deliveries(self) -> list[RowMapping]:
        """Attempts."""
        return self.rows(delivery)

    def told(self, **where: Any) -> list[RowMapping]:
        """What became of notices for people."""
        return self.rows(message_notice, **where)

    def change_account(self, account_id: int, **values: Any) -> None:
        """Change somebody's account."""
        with self.db.write() as connection:
            connection.execute(update(account).where(account.c.id == account_id).values(**values))

    def change_message(self, message_id: int, **values: Any) -> None:
        """Put a message into a situation."""
        with self.db.write() as connection:
            connection.execute(update(message).where(message.c.id == message_id).values(**values))


def heard(rows: list[RowMapping]) -> list[tuple[int, str]]:
    """(account, kind) of messages."""
    return [(row["account_id"], row["kind"]) for row in rows]


def instant(day: date, hour: int) -> datetime:
    """A local time."""
    return at_local(day, hour)
