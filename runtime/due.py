"""Flow runs that are due by their schedule, by hand in Prefect's interface, or left over from before: found and handed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.states import Cancelled

from runtime.deployments import Registered
from runtime.runs import server_errors

LIMIT = 200


def hand_over_due(
    client: SyncPrefectClient, registered: Registered, ready: Callable[[FlowRun], None], *, held: frozenset[UUID], now: datetime
) -> int:
    """Hand over every due flow run of our deployments that is not held; how many there were.

    After downtime a schedule has left several late runs behind. One is enough, since each asks what is due now: the latest runs, the others
    are cancelled.
    """
    with server_errors():
        ids = list(registered.ids.values())
        found = client.get_scheduled_flow_runs_for_deployments(ids, scheduled_before=now, limit=LIMIT)
        due = [FlowRun.model_validate(run.model_dump()) for run in found if run.id not in held]
        chosen, passed_over = latest_of_each(due, everyone=registered.workflow)
        for run in passed_over:
            client.set_flow_run_state(run.id, Cancelled(name="Bỏ qua", message="Đã có lượt chạy mới hơn."))
        for run in chosen:
            ready(run)
        return len(chosen)


def latest_of_each(due: Iterable[FlowRun], *, everyone: UUID) -> tuple[list[FlowRun], list[FlowRun]]:
    """Split ``due`` into what to run and what to pass over: the latest of each deployment, but every run of ``everyone``."""
    chosen: list[FlowRun] = []
    passed_over: list[FlowRun] = []
    grouped: defaultdict[UUID | None, list[FlowRun]] = defaultdict(list)
    for run in due:
        grouped[run.deployment_id].append(run)
    for deployment, runs in grouped.items():
        if deployment == everyone:
            chosen += runs
            continue
        *older, latest = sorted(runs, key=_when)
        chosen.append(latest)
        passed_over += older
    return chosen, passed_over


def _when(run: FlowRun) -> datetime:
    return run.expected_start_time or datetime.min.replace(tzinfo=UTC)
