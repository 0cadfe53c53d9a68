"""What keeps the record safe, as Prefect tasks: anchors of the journal."""

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
