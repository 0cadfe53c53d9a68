"""Sending mail as Prefect tasks: one for a whole batch, since each costs the server some 20 ms."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from services.deliver import DeliverySummary
from tasks import duties
from tasks.app import app

LONGEST_S = 1800
"""A thousand mails take about a minute; a slow server or a rate limit may take many. What is left over leaves with the next run."""


@task(name="deliver", retries=2, retry_delay_seconds=2, timeout_seconds=LONGEST_S, cache_policy=NO_CACHE, persist_result=False)
def deliver() -> DeliverySummary:
    """Send what may leave now."""
    return duties.deliver_messages(app())


@task(name="gather-and-deliver", retries=2, retry_delay_seconds=2, timeout_seconds=LONGEST_S, cache_policy=NO_CACHE, persist_result=False)
def gather_and_deliver() -> DeliverySummary:
    """Gather the day's reminders, then send."""
    return duties.gather_and_deliver(app())
