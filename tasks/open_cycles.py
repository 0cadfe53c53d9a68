"""Opening cycles as a Prefect task."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks import duties
from tasks.app import app


@task(name="open-cycles", retries=2, retry_delay_seconds=2, cache_policy=NO_CACHE, persist_result=False)
def open_new_cycles() -> int:
    """Create the workflows of cycles that open by today; how many."""
    return len(duties.open_what_is_due(app()))
