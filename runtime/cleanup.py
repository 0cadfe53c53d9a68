"""Deletes finished housekeeping runs after a month, so that Prefect's database follows the work and not the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import TERMINAL_STATES
from prefect.exceptions import ObjectNotFound

from runtime.runs import server_errors

KEEP = timedelta(days=30)
SYSTEM = "system"
AT_ONCE = 200


def delete_old_runs(client: SyncPrefectClient, now: datetime) -> int:
    """Delete finished runs tagged "system" that ended more than 30 days before ``now``, some at a time; how many."""
    old = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[SYSTEM]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=sorted(TERMINAL_STATES))),
        end_time=FlowRunFilterEndTime(before_=now - KEEP),
    )
    with server_errors():
        found = client.read_flow_runs(flow_run_filter=old, limit=AT_ONCE)
        for run in found:
            try:
                client.delete_flow_run(run.id)
            except ObjectNotFound:
                continue
        return len(found)
