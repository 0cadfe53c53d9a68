"""A played plan of which other programs are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy import RowMapping

from models.database import Database
from models.tables import webhook, webhook_message
from notifications.channels.transport import Outcome
from notifications.channels.web import Web, WebRules
from services.deliver import Timing
from services.webhook_deliver import WebhookSummary, WebhookWay, deliver_webhooks
from services.webhook_events import collect
from services.webhooks import Added, add, choose, try_it
from tests.factories import OFFICER
from tests.services.mailing import SITE, Mailing

MASTER = "the installation's own key"
KINDS = ("step.submitted", "step.approved", "step.chased", "step.overdue")


class Hooked(Mailing):
    """A played plan with webhooks to loopback."""

    def __init__(self, db: Database, **more: Any) -> None:
        super().__init__(db, **more)
        self.web = Web(WebRules(plain_http=True, allowed=(ip_network("127.0.0.0/8"),), timeout=0.5))

    def hook(self, url: str, *kinds: str, name: str = "Trục liên thông") -> Added:
        """Add a webhook."""
        return add(self.db, name=name, url=url, kinds=kinds or KINDS, actor=OFFICER, now=self.now(), web=self.web, master=MASTER)

    def choose(self, webhook_id: int, *kinds: str, groups: Sequence[str] = ()) -> None:
        """Change what a webhook hears of."""
        choose(self.db, webhook_id, kinds=kinds, groups=groups, actor=OFFICER, now=self.now(), source=SITE.base_url)

    def collect(self) -> int:
        """Make events of what has happened."""
        return collect(self.db, now=self.now(), source=SITE.base_url)

    def tell(self, later: timedelta = timedelta(), *, send_again: bool = True) -> WebhookSummary:
        """Collect and deliver; ``later``: how far system time has gone on."""
        self.collect()
        way = WebhookWay(self.web, MASTER, SITE.base_url, send_again)
        return deliver_webhooks(self.db, now=self.now(later=later), way=way, timing=Timing(lambda: 0.0, lambda _: None))

    def trial(self, webhook_id: int) -> Outcome:
        """Send the event that counts for nothing."""
        return try_it(self.db, webhook_id, now=self.now(), web=self.web, master=MASTER, source=SITE.base_url)

    def events(self, **where: Any) -> list[RowMapping]:
        """Messages to webhooks."""
        return self.rows(webhook_message, **where)

    def hooks(self) -> list[RowMapping]:
        """Webhooks as stored."""
        return self.rows(webhook)
