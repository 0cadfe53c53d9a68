"""The orchestrator's conversation with Prefect's server: relay, repair, executor and schedules, by turns, as long as there is a server.

Without one it waits, and people go on working.
"""

from __future__ import annotations

import logging
import threading
import time

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun

from runtime.backoff import delay
from runtime.cleanup import delete_old_runs
from runtime.client import prefect_client
from runtime.deployments import Registered, read_deployments, register
from runtime.due import hand_over_due
from runtime.executor import Executor
from runtime.on_demand import OnDemand
from runtime.prefect_server import healthy
from runtime.relay import Relay
from runtime.repair import Repair, stuck_elsewhere, stuck_here
from runtime.rounds import Round, turn_all
from runtime.runs import PrefectRuns, ServerGone, ServerRefused, Unregistered, server_errors
from runtime.workflows import StoredWorkflows
from tasks.duties import mail_waits
from wiring.clock import system_now
from wiring.context import AppContext

RELAY_EVERY_S = 0.5
DUE_EVERY_S = 5.0
REPAIR_EVERY_S = 30.0
CLEAN_EVERY_S = 3600.0
MAIL_EVERY_S = 2.0
END_WITHIN_S = 3.0
AT_START = ("open-cycles", "sweep-deadlines", "daily-digest", "deliver-messages")
"""Asked for once at the start: what the time away has brought is due now, not at the next full ten minutes."""

log = logging.getLogger("dondoc.conversation")


class Conversation:
    """Holds what outlives one server: the executor's lanes, and what is wanted of the next."""

    def __init__(self, app: AppContext, stop: threading.Event, *, embedded: bool = True) -> None:
        self.app = app
        self.embedded = embedded
        self._stop = stop
        self._registered: Registered | None = None
        self._wanted = dict.fromkeys(AT_START)  # in order, each once
        self._mail = OnDemand(lambda: mail_waits(app), lambda: self.want("deliver-messages"))
        self._patient = not (app.settings.prefect_api_url or app.settings.prefect_database_url)
        self._executor = Executor(sorted({each.lane for each in read_deployments()}) if embedded else (), patient=self._patient)

    def run(self) -> None:
        """Talk to the server whenever it is there, until told to stop."""
        started, failures = False, 0
        while not self._stop.wait(delay(failures)):
            if not healthy(self.app.settings):
                self._stop.wait(RELAY_EVERY_S)
                continue
            if not started:
                self._executor.start()
                started = True
            failures = self._converse(failures)
        if started:
            self._executor.stop(END_WITHIN_S)

    def want(self, *deployments: str) -> None:
        """Have these housekeeping deployments run once, soon. May be called from any thread."""
        self._wanted |= dict.fromkeys(deployments)

    def _converse(self, failures: int) -> int:
        """Take turns until something fails; the number of failures in a row."""
        try:
            with prefect_client(patient=self._patient) as client:
                rounds = self._rounds(client)
                while not self._stop.is_set():
                    turn_all(rounds, time.monotonic())
                    failures = 0
                    self._stop.wait(RELAY_EVERY_S)
        except Unregistered:
            log.warning("Prefect does not know our deployments, registering them again")
        except ServerGone as gone:
            log.warning("Prefect does not answer: %s", gone)
        except ServerRefused as refused:
            log.warning("Prefect refuses: %s", refused)
        except Exception:
            log.exception("a round failed")
        return failures + 1

    def _rounds(self, client: SyncPrefectClient) -> list[Round]:
        """Register, and set up what is done again and again. Repair comes first: what it disowns is woken in the same turn."""
        with server_errors():
            registered = self._registered = register(client, embedded=self.embedded)
        workflows = StoredWorkflows(self.app.db, self.app.now)
        runs = PrefectRuns(client, lambda: registered, self._ready)
        held = self._executor.held
        repair = Repair(workflows, runs, held, stuck_here if self.embedded else stuck_elsewhere(system_now))
        relay = Relay(workflows, runs, held)
        rounds = [
            Round(REPAIR_EVERY_S, repair.look),
            Round(RELAY_EVERY_S, lambda: self._request(client, registered)),
            Round(RELAY_EVERY_S, lambda: relay.wake_dirty(time.monotonic())),
            Round(MAIL_EVERY_S, lambda: self._mail.look(time.monotonic())),
            Round(CLEAN_EVERY_S, lambda: delete_old_runs(client, system_now())),
        ]
        if self.embedded:
            rounds.append(Round(DUE_EVERY_S, lambda: hand_over_due(client, registered, self._ready, held=held(), now=system_now())))
        return rounds

    def _request(self, client: SyncPrefectClient, registered: Registered) -> None:
        for name in list(self._wanted):
            del self._wanted[name]  # first: whoever wants it again meanwhile gets another run
            try:
                with server_errors():
                    self._ready(client.create_flow_run_from_deployment(registered.ids[name]))
            except (ServerGone, ServerRefused):
                self.want(name)
                raise

    def _ready(self, run: FlowRun) -> None:
        """Queue a due run in its lane. Runs of deployments unknown to us, and all runs where workers do the work, are left to others."""
        registered = self._registered
        if not self.embedded or registered is None or run.deployment_id not in registered.flows:
            return
        lane = self._executor.lanes[registered.lanes[run.deployment_id]]
        lane.submit(registered.flows[run.deployment_id], run)
