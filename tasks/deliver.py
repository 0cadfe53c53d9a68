"""Sending mail as Prefect tasks: one for a whole batch, since each costs the server some 20 ms.

No task here has a timeout of Prefect's: in a thread it could not interrupt anything. What may hang bounds itself: mail by
``DONDOC_SMTP_TIMEOUT``, the database by its busy timeout, Prefect's client by its own.
"""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from services.deliver import DeliverySummary
from tasks import duties
from tasks.app import app


@task(name="deliver", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def deliver() -> DeliverySummary:
    """Send what may leave now."""
    return duties.deliver_messages(app())


@task(name="gather-and-deliver", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def gather_and_deliver() -> DeliverySummary:
    """Gather the day's reminders, then send."""
    return duties.gather_and_deliver(app())
