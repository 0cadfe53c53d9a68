"""What keeps the record safe, as Prefect tasks: anchors of the journal, backups."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks import duties
from tasks.app import app


@task(name="anchor-journal", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def anchor_journal() -> int | None:
    """Take an anchor if the journal has changed; its number, None if it has not."""
    found = duties.anchor_journal(app())
    return found.number if found else None


@task(name="back-up", retries=1, retry_delay_seconds=60, cache_policy=NO_CACHE, persist_result=False)
def back_up() -> tuple[int, int] | None:
    """Make the day's backup; (journal entries, bytes), None if the day has one."""
    made = duties.back_up(app())
    return (made.entries, made.size) if made else None
