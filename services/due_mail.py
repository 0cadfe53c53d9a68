"""Whether a notice could be posted or any mail could leave now: asked every few seconds, so it costs three look-ups."""

from __future__ import annotations

from engine.instants import Now
from models import deliveries, inbox, outbox
from models.database import Database
from notifications.hours import OfficeHours, minute_of_day
from notifications.policy import IMMEDIATE, URGENT


def mail_is_due(db: Database, *, now: Now, hours: OfficeHours, leaves: bool = True) -> bool:
    """Whether a notice waits for the inboxes, may be expanded, or a message may leave at ``now``; none may unless mail ``leaves`` at all.

    Reminders wait for the day's gathered mail: once posted they do not count.
    """
    open_ = hours.open_at(now.business)
    with db.read() as connection:
        if inbox.any_unposted(connection) or outbox.any_pending(connection, (URGENT, IMMEDIATE) if open_ else (URGENT,)):
            return True
        return leaves and deliveries.any_claimable(connection, now.system, all_urgencies=open_, minute=minute_of_day(now.business))
