"""Runs flow runs inside this process: two lanes of one thread and one client each.

The only file that touches `prefect.flow_engine.run_flow`, an entry that carries no promise of stability. A flow run costs a
quarter of a second here and several seconds as a process of its own; more threads bring nothing while Prefect keeps SQLite.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterable
from uuid import UUID

from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import Abort, Pause
from prefect.flow_engine import run_flow
from prefect.settings import temporary_settings

from runtime.client import prefect_client
from runtime.deployments import AnyFlow

log = logging.getLogger("dondoc.executor")

NO_HEARTBEAT = {"flows.heartbeat_frequency": None}
"""Prefect's heartbeat thread adds a second to every run, and the environment cannot switch it off."""


class Lane:
    """One thread that runs flow runs one after another, each at most once at a time."""

    def __init__(self, name: str, *, patient: bool) -> None:
        self.name = name
        self._patient = patient
        self._queue: queue.SimpleQueue[tuple[AnyFlow, FlowRun] | None] = queue.SimpleQueue()
        self._held: set[UUID] = set()
        self._guard = threading.Lock()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name=f"lane-{name}", daemon=True)

    def start(self) -> None:
        """Begin to run what is submitted."""
        self._thread.start()

    def submit(self, flow: AnyFlow, run: FlowRun) -> bool:
        """Queue ``run`` unless it is queued or running already; whether it was queued."""
        with self._guard:
            if run.id in self._held or self._stopping:
                return False
            self._held.add(run.id)
        self._queue.put((flow, run))
        return True

    def held(self) -> frozenset[UUID]:
        """The flow runs queued or running here."""
        with self._guard:
            return frozenset(self._held)

    def ask_to_end(self) -> None:
        """Finish the run in hand, leave the queue (Prefect keeps it), and end."""
        with self._guard:
            self._stopping = True
        self._queue.put(None)

    def join(self, within: float) -> None:
        """Wait for the end, ``within`` seconds at most."""
        self._thread.join(max(0.0, within))

    def _work(self) -> None:
        with temporary_settings(NO_HEARTBEAT), prefect_client(patient=self._patient):
            while (item := self._queue.get()) is not None and not self._stopping:
                flow, run = item
                try:
                    execute(flow, run)
                finally:
                    with self._guard:
                        self._held.discard(run.id)


def execute(flow: AnyFlow, run: FlowRun) -> None:
    """Run one flow run to its next rest. Its outcome is its state in Prefect; what could not be said there is logged.

    If the server goes away meanwhile the run stays "running" there, and the relay's repair replaces it.

    For a run of a deployment the engine would start a thread that watches whether somebody suspends it from outside, which costs as
    much as the whole wake; so it is not told of the deployment.
    """
    try:
        run_flow(flow, flow_run=run.model_copy(update={"deployment_id": None}), return_type="state")
    except Pause:
        log.debug("flow run %s waits", run.name)
    except Abort as refusal:
        log.info("flow run %s was not to be run: %s", run.name, refusal)
    except Exception:
        log.exception("flow run %s", run.name)


class Executor:
    """The lanes, by name. ``patient``: see `runtime.client`."""

    def __init__(self, lanes: Iterable[str], *, patient: bool) -> None:
        self.lanes = {name: Lane(name, patient=patient) for name in lanes}

    def start(self) -> None:
        """Start every lane."""
        for lane in self.lanes.values():
            lane.start()

    def held(self, lane: str | None = None) -> frozenset[UUID]:
        """The flow runs queued or running, in one lane or in all."""
        chosen = self.lanes.values() if lane is None else (self.lanes[lane],)
        return frozenset().union(*(each.held() for each in chosen))

    def stop(self, within: float) -> None:
        """End every lane; a run that does not end ``within`` seconds stays "running" and is repaired at the next start."""
        until = time.monotonic() + within
        for lane in self.lanes.values():
            lane.ask_to_end()
        for lane in self.lanes.values():
            lane.join(until - time.monotonic())
