"""The flow run that we are in, and Prefect's client for it."""

from __future__ import annotations

from collections.abc import Iterable

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext, SyncClientContext


def client() -> SyncPrefectClient:
    """The client that the engine uses in this thread; RuntimeError outside of a run."""
    context = SyncClientContext.get()
    if context is None:
        raise RuntimeError("not inside a run")
    return context.client


def flow_run() -> FlowRun:
    """The flow run in hand; RuntimeError outside of one."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise RuntimeError("not inside a flow run")
    return context.flow_run


def show_tags(tags: Iterable[str]) -> None:
    """Give the flow run exactly these tags, so that Prefect's lists can be filtered by them. One call, none without a change."""
    run = flow_run()
    wanted = sorted(tags)
    if wanted != sorted(run.tags):
        client().update_flow_run(run.id, tags=wanted)
        run.tags = wanted
