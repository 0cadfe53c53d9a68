"""A published plan whose flow runs a test drives by hand: wake, run, look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, TaskRun

from engine.instants import Now
from runtime.deployments import Registered, register
from runtime.executor import execute
from runtime.relay import Relay
from runtime.repair import Repair, stuck_here
from runtime.runs import PrefectRuns
from runtime.workflows import StoredWorkflows
from tasks.app import use
from tests.factories import CALENDAR, at
from tests.services.played import Played
from wiring.clock import system_now
from wiring.context import AppContext
from wiring.settings import Settings


@dataclass
class PlayedFlow:
    """``plan`` under Prefect. Business time is ``day`` at nine."""

    plan: Played
    client: SyncPrefectClient
    registered: Registered
    settings: Settings
    day: date
    due: list[FlowRun] = field(default_factory=list)
    seconds: float = 0.0

    @classmethod
    @contextmanager
    def over(cls, plan: Played, client: SyncPrefectClient, settings: Settings) -> Iterator[PlayedFlow]:
        """Have the tasks of this process work on ``plan``."""
        flow = cls(plan, client, register(client), settings, plan.day)
        use(AppContext(settings, plan.db, flow.now, lambda: CALENDAR, simulated=True))
        yield flow

    def __post_init__(self) -> None:
        workflows = StoredWorkflows(self.plan.db, self.now)
        runs = PrefectRuns(self.client, lambda: self.registered, self.due.append)
        self.relay = Relay(workflows, runs, frozenset)
        self.repair = Repair(workflows, runs, frozenset, stuck_here)

    def now(self) -> Now:
        """The played business time; system time is never simulated."""
        return Now(at(self.day).business, system_now())

    def wake(self) -> int:
        """One round of the relay, later than the one before, and what it handed over is run; how many runs that was."""
        self.seconds += 60
        self.relay.wake_dirty(self.seconds)
        handed_over = len(self.due)
        while self.due:
            run = self.due.pop(0)
            assert run.deployment_id is not None
            execute(self.registered.flows[run.deployment_id], run)
        return handed_over

    def run_deployment(self, name: str) -> FlowRun:
        """One run of a housekeeping deployment, to its end."""
        run = self.client.create_flow_run_from_deployment(self.registered.ids[name])
        execute(self.registered.flows[self.registered.ids[name]], run)
        return self.run(run.id)

    def tidy(self) -> None:
        """Delete what this test made: the next one's database numbers its workflows from 1 again."""
        ours = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=list(self.registered.ids.values())))
        for run in self.client.read_flow_runs(flow_run_filter=ours):
            self.client.delete_flow_run(run.id)

    @property
    def run_id(self) -> UUID:
        """The workflow's present flow run."""
        found = self.plan.workflow()["flow_run_id"]
        assert isinstance(found, UUID)
        return found

    def run(self, run_id: UUID | None = None) -> FlowRun:
        """The flow run as Prefect shows it."""
        return self.client.read_flow_run(run_id or self.run_id)

    def mirrors(self) -> dict[str, TaskRun]:
        """The mirrored steps of the present flow run, by their name in Prefect."""
        chosen = FlowRunFilter(id=FlowRunFilterId(any_=[self.run_id]))
        return {mirror.name: mirror for mirror in self.client.read_task_runs(flow_run_filter=chosen)}
