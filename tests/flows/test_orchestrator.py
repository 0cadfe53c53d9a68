"""The orchestrator as a process of its own: killed, without Prefect, with a Prefect that has forgotten everything."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound

from engine.instants import at_local
from models.database import Database
from models.migrate import upgrade
from services import clock
from services.wakes import live, mark_dirty
from tests.factories import OFFICER
from tests.prefect_server import client_of, running_prefect, settings_in
from tests.services.played import Played
from wiring.environment import child_environment
from wiring.settings import CHECKOUT, Settings

pytestmark = pytest.mark.prefect

WITHIN_S = 60
NUMBERED = {"evidence": {"kh": {"number": "12/KH", "date": "2024-05-02"}}}
RUN = """
from runtime.orchestrator import orchestrate
from wiring.context import build_context
from wiring.settings import load_settings
raise SystemExit(orchestrate(build_context(load_settings(None))))
"""


@contextmanager
def orchestrator(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The process, killed at the end if it still lives."""
    environment = {
        "DONDOC_DATA": str(settings.data),
        "DONDOC_PREFECT_PORT": str(settings.prefect_port),
        "DONDOC_CLOCK": "simulated",
    }
    process = subprocess.Popen([sys.executable, "-c", RUN], cwd=CHECKOUT, env=child_environment(environment))
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def eventually(true: Callable[[], bool]) -> None:
    until = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < until, f"not within {WITHIN_S} s"
        time.sleep(0.2)


class Office:
    """The festival plan in a data folder of its own."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.db = Database(settings.url)
        upgrade(self.db)
        self.plan = Played(self.db)
        clock.start(self.db, at_local(date(2024, 5, 2), 9))

    def run(self, client: SyncPrefectClient) -> FlowRun | None:
        """The workflow's flow run, if Prefect knows it."""
        run_id = live(self.db)[0].flow_run_id
        try:
            return client.read_flow_run(run_id) if run_id else None
        except ObjectNotFound:
            return None

    def waits(self, client: SyncPrefectClient) -> bool:
        run = self.run(client)
        return run is not None and run.state_type is StateType.PAUSED

    def shown(self, client: SyncPrefectClient) -> list[str | None]:
        """The states of the mirrored steps."""
        run = self.run(client)
        assert run is not None
        chosen = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
        return [mirror.state_name for mirror in client.read_task_runs(flow_run_filter=chosen)]

    def seen(self) -> bool:
        workflow = live(self.db)[0]
        return workflow.wake <= workflow.woken


@pytest.fixture
def office(tmp_path):
    found = Office(settings_in(tmp_path))
    yield found
    found.db.close()


def test_it_survives_kill_and_a_prefect_that_forgot_everything(office):
    settings = office.settings
    with running_prefect(settings), client_of(settings) as client:
        with orchestrator(settings) as process:
            eventually(lambda: office.waits(client))
            first = office.run(client)
            process.kill()
        office.plan.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
        assert not office.seen()

        with orchestrator(settings) as process:
            eventually(lambda: office.seen() and office.waits(client) and "Chờ duyệt" in office.shown(client))
            assert office.run(client).id == first.id
            process.terminate()
            assert process.wait(10) == 0

    for file in settings.prefect_folder.glob("prefect.db*"):
        file.unlink()
    with running_prefect(settings), client_of(settings) as client, orchestrator(settings):
        eventually(lambda: office.seen() and office.waits(client))
        again = office.run(client)
        assert again.id != first.id
        assert again.name == first.name
        mark_dirty(office.db, office.plan.workflow_id)
        eventually(office.seen)
