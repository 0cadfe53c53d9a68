"""The relay's view of Prefect: flow runs of workflows, in our words.

`Runs` is what the relay asks for; `PrefectRuns` answers it with Prefect's client. A server that does not answer raises
`ServerGone`; a database that was wiped shows as lost runs and `Unregistered` deployments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Protocol
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from runtime.deployments import Registered

PAGE = 200
UNFINISHED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING]


class ServerGone(Exception):
    """Prefect's server does not answer: nothing is lost, everything is tried again."""


class ServerRefused(Exception):
    """The server answers, but not this time: only the workflow concerned waits."""


class Unregistered(Exception):
    """The server does not know the deployment: its database is new. Register, then go on."""


class Outcome(Enum):
    """What became of waking a flow run."""

    WOKEN = "woken"  # it will run, and will see everything that was written before
    BUSY = "busy"  # it is running or about to: wake it again later
    LOST = "lost"  # ended or unknown: it needs a successor


class Condition(Enum):
    """What an unfinished flow run is doing."""

    WAITING = "waiting"
    DUE = "due"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Seen:
    """One unfinished flow run as Prefect shows it; ``since`` is when it came into its condition."""

    flow_run_id: UUID
    condition: Condition
    since: datetime


@dataclass(frozen=True, slots=True)
class NewRun:
    """A flow run to be made for a workflow; the same workflow and generation give the same run."""

    workflow_id: int
    generation: int
    name: str
    tags: Sequence[str]


class Runs(Protocol):
    """What the relay needs of Prefect."""

    def create(self, new: NewRun) -> tuple[UUID, Outcome]: ...
    def wake(self, flow_run_id: UUID) -> Outcome: ...
    def unfinished(self) -> list[Seen]: ...
    def crash(self, flow_run_id: UUID, reason: str) -> None: ...


class PrefectRuns:
    """`Runs` over one client. ``ready`` is told of each run that is now due, so that it need not be looked for."""

    def __init__(self, client: SyncPrefectClient, registered: Callable[[], Registered], ready: Callable[[FlowRun], None]) -> None:
        self._client = client
        self._registered = registered
        self._ready = ready

    def create(self, new: NewRun) -> tuple[UUID, Outcome]:
        """Make the flow run and hand it over. One made before, which we did not live to note, is woken instead, unless it has ended."""
        with server_errors():
            try:
                run = self._client.create_flow_run_from_deployment(
                    self._registered().workflow,
                    parameters={"workflow_id": new.workflow_id, "generation": new.generation},
                    name=new.name,
                    tags=new.tags,
                    idempotency_key=f"workflow-{new.workflow_id}-{new.generation}",
                )
            except ObjectNotFound as gone:
                raise Unregistered from gone
            except httpx.HTTPStatusError as refused:
                if refused.response.status_code == HTTPStatus.NOT_FOUND:
                    raise Unregistered from refused
                raise
        if run.state is None or not run.state.is_scheduled():
            return run.id, self.wake(run.id)
        self._ready(run)
        return run.id, Outcome.WOKEN

    def wake(self, flow_run_id: UUID) -> Outcome:
        """Resume a waiting run and hand it over. It is read first: resuming an unknown run is an error 500 at the server."""
        with server_errors():
            try:
                run = self._client.read_flow_run(flow_run_id)
            except ObjectNotFound:
                return Outcome.LOST
            if run.state is None or run.state.is_final() or run.state.is_cancelling():
                return Outcome.LOST
            if not run.state.is_paused():
                return Outcome.BUSY
            answer = self._client.resume_flow_run(flow_run_id)
            if answer.status is not SetStateStatus.ACCEPT or answer.state is None:
                return Outcome.BUSY
            run.state = answer.state
            self._ready(run)
            return Outcome.WOKEN

    def unfinished(self) -> list[Seen]:
        """Every flow run of a workflow that has not ended."""
        with server_errors():
            return [_seen(run) for run in self._pages()]

    def _pages(self) -> Iterator[FlowRun]:
        chosen = FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[self._registered().workflow]),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED)),
        )
        offset = 0
        while page := self._client.read_flow_runs(flow_run_filter=chosen, sort=FlowRunSort.ID_DESC, limit=PAGE, offset=offset):
            yield from page
            if len(page) < PAGE:
                return
            offset += PAGE

    def crash(self, flow_run_id: UUID, reason: str) -> None:
        """Mark a run as crashed whose process is gone: the only state of a flow run that we ever force."""
        with server_errors():
            self._client.set_flow_run_state(flow_run_id, Crashed(message=reason), force=True)


@contextmanager
def server_errors() -> Iterator[None]:
    """Turn the ways in which a server may fail us into `ServerGone` and `ServerRefused`."""
    try:
        yield
    except httpx.TransportError as problem:
        raise ServerGone(str(problem) or type(problem).__name__) from problem
    except httpx.HTTPStatusError as problem:
        raise ServerRefused(str(problem)) from problem


def _seen(run: FlowRun) -> Seen:
    state = run.state
    if state is None:
        raise ServerRefused(f"flow run {run.id} came without its state")
    if state.is_paused():
        condition = Condition.WAITING
    elif state.is_scheduled():
        condition = Condition.DUE
    else:
        condition = Condition.RUNNING
    return Seen(run.id, condition, state.timestamp)
