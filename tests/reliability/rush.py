"""Many clients do the same thing at the same instant: exactly one does it, the others are told, or get the same answer.

    python -m tests.reliability.rush --clients 32 --times 300 --json

Real web processes (`dondoc serve`), one on SQLite and two on one PostgreSQL, and clients on connections of their own. In turn 32 people of
a unit submit a step that they all saw, 32 of the standing agency approve it, and one person's comment arrives 32 times under one key.
Afterwards each must be in the journal once, every invariant must hold, and the journal must verify.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import httpx

from engine.access import SYSTEM, Membership
from engine.instants import Now
from models.database import Database, sqlite_url
from models.migrate import upgrade
from services import api_tokens, clock
from services.accounts import actor_of, create_account
from services.open_cycles import open_cycles
from services.publish import publish
from tests.databases import postgres_database, postgres_server
from tests.factories import AGENCY, CALENDAR, at
from tests.journeys.stack import free_port, until
from tests.reliability.office import DAY, Work, plan_of, units_of, works
from tests.reliability.once import faults
from wiring.clock import system_now
from wiring.settings import CHECKOUT

KINDS = ("submit", "approve", "comment")
SERVERS = {"sqlite": 1, "postgres": 2}
"""Web processes on each: SQLite has one, so that one fair lock stands before its writer."""


@dataclass
class Report:
    """What a run came to. ``ended``: how often a rush ended so, by what was done: "200 × 1, 409 × 31"."""

    database: str
    servers: int
    clients: int
    rushes: int = 0
    requests: int = 0
    ended: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: float = 0.0
    slowest_s: float = 0.0
    faults: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """The report for people."""
        lines = [
            f"{self.database}, {self.servers} web process(es): {self.rushes} rushes of {self.clients} clients, {self.requests} requests, "
            f"{self.seconds:.0f} s, slowest answer {self.slowest_s:.2f} s",
            *(f"{kind}: " + "; ".join(f"{n} times {how}" for how, n in told.items()) for kind, told in self.ended.items()),
            *(self.faults or ["exactly one each time, nothing twice, nothing half done"]),
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Crowd:
    """The tokens of the people of the units and of the standing agency."""

    unit: tuple[str, ...]
    agency: tuple[str, ...]


def prepare(db: Database, steps: int, clients: int) -> tuple[list[Work], Crowd]:
    """The plan running, with so many people in every unit and in the standing agency, each with an API token."""
    upgrade(db)
    publish(db, plan_of(steps), now=at(DAY), actor=SYSTEM)
    open_cycles(db, now=at(DAY), calendar=CALENDAR)
    clock.start(db, at(DAY).business)
    places = [Membership(unit) for unit in units_of(steps)]
    unit = tuple(_token(db, f"don-vi-{n}", places, ()) for n in range(clients))
    agency = tuple(_token(db, f"thuong-truc-{n}", [Membership(AGENCY)], ("agency",)) for n in range(clients))
    return works(db)[:steps], Crowd(unit, agency)


def _token(db: Database, login: str, places: Sequence[Membership], roles: Sequence[str]) -> str:
    account = create_account(db, login=login, name=login, memberships=places, roles=roles)
    actor = actor_of(db, account)
    now = Now(at(DAY).business, system_now())  # the machine's time rules tokens
    return api_tokens.make(db, account, actor=actor, name="đua", scopes=["read", "act"], days=9, longest=9, now=now).secret


@contextmanager
def served(data: Path, database_url: str, servers: int) -> Iterator[list[str]]:
    """The addresses of so many web processes."""
    bases, environment = [], {k: v for k, v in os.environ.items() if not k.startswith(("DONDOC_", "PREFECT_"))}
    environment |= {"DONDOC_DATABASE_URL": database_url, "DONDOC_WRITES_PER_MINUTE": "0", "DONDOC_ACCESS_LOG": "false"}
    with ExitStack() as undo, (data / "serve.log").open("ab") as log:
        for _ in range(servers):
            port = free_port()
            command = (sys.executable, "-m", "cli.entry", "serve", "--data", str(data))
            process = subprocess.Popen(
                command, cwd=CHECKOUT, env=environment | {"DONDOC_PORT": str(port)}, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
            undo.callback(process.wait, 20)
            undo.callback(process.terminate)
            bases.append(f"http://127.0.0.1:{port}")
        for base in bases:
            until("the pages answer", partial(urlopen, f"{base}/healthz", timeout=10), seconds=60, every=0.1).close()
        yield bases


class Rusher:
    """``clients`` threads with a connection each, which start their requests at the same instant."""

    def __init__(self, bases: Sequence[str], clients: int, report: Report) -> None:
        self.report, self._threads, self._gate = report, ThreadPoolExecutor(clients), threading.Barrier(clients)
        self._connections = [httpx.Client(base_url=bases[n % len(bases)], timeout=60) for n in range(clients)]

    def close(self) -> None:
        """Let threads and connections go."""
        self._threads.shutdown()
        for connection in self._connections:
            connection.close()

    def step(self, step_id: int, token: str) -> dict[str, Any]:
        """The step as everybody sees it now."""
        answer = self._connections[0].get(f"/api/v1/steps/{step_id}", headers={"Authorization": f"Bearer {token}"})
        return dict(answer.raise_for_status().json())

    def together(self, path: str, body: dict[str, Any], keys: Sequence[str], tokens: Sequence[str]) -> list[httpx.Response]:
        """Everybody sends ``body`` at once, each under a key and as a person of their own."""

        def one(connection: httpx.Client, key: str, token: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
            self._gate.wait(30)
            return connection.post(path, json=body, headers=headers)

        answers = list(self._threads.map(one, self._connections, keys, tokens))
        self.report.requests += len(answers)
        self.report.slowest_s = round(max(self.report.slowest_s, *(a.elapsed.total_seconds() for a in answers)), 3)
        return answers

    def rush(self, kind: str, number: int, step_id: int, crowd: Crowd) -> None:
        """One rush; how it ended goes into the report."""
        found = self.step(step_id, crowd.unit[0])
        body: dict[str, Any] = {"expected_version": found["version"]}
        keys, tokens = [f"{kind}-{number}-{n}" for n in range(len(crowd.unit))], crowd.unit
        if kind == "approve":
            tokens = crowd.agency
            body["payload"] = {"round": found["round"], "link": found["link"]}
        elif kind == "comment":
            keys, tokens = [f"{kind}-{number}"] * len(keys), (crowd.unit[number % len(crowd.unit)],) * len(keys)
            body = {"payload": {"text": f"lần {number}"}}
        answers = self.together(f"/api/v1/steps/{step_id}/actions/{kind}", body, keys, tokens)
        told = Counter(how(answer) for answer in answers)
        told_in_words = ", ".join(f"{what} × {n}" for what, n in sorted(told.items()))
        wanted = Counter({"done": 1, "the same answer" if kind == "comment" else "409": len(answers) - 1})
        ended = self.report.ended.setdefault(kind, {})
        ended[told_in_words] = ended.get(told_in_words, 0) + 1
        if told != wanted or (kind == "comment" and len({answer.json().get("seq") for answer in answers}) > 1):
            self.report.faults.append(f"{kind} {number} on step {step_id}: {told_in_words}")
        self.report.rushes += 1


def how(answer: httpx.Response) -> str:
    """How one request ended."""
    if answer.status_code != 200:
        return str(answer.status_code)
    return "the same answer" if answer.json()["replayed"] else "done"


def run(db: Database, data: Path, name: str, *, clients: int, times: int) -> Report:
    """``times`` rushes on ``db``, each kind as often as the others."""
    rounds = -(-times // len(KINDS))
    report = Report(name, SERVERS[name], clients)
    work, crowd = prepare(db, rounds, clients)
    with served(data, db.url.render_as_string(hide_password=False), SERVERS[name]) as bases:
        begin, rusher = time.monotonic(), Rusher(bases, clients, report)
        try:
            for number in range(times):
                rusher.rush(KINDS[number % len(KINDS)], number, work[number // len(KINDS)].step_id, crowd)
        finally:
            rusher.close()
        report.seconds = round(time.monotonic() - begin, 1)
    report.faults += faults(db, times)
    return report


@contextmanager
def database(name: str, data: Path) -> Iterator[Database]:
    """An empty database called ``name``."""
    with ExitStack() as undo:
        if name == "sqlite":
            db = Database(sqlite_url(data / "dondoc.sqlite"))
            undo.callback(db.close)
        else:
            db = undo.enter_context(postgres_database(undo.enter_context(postgres_server()), empty=True))
        yield db


def main() -> int:
    """Parse, run, print; exit code 1 if anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.rush", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=32, help="how many at once (default: %(default)s)")
    parser.add_argument("--times", type=int, default=300, help="how often (default: %(default)s)")
    parser.add_argument("--database", choices=[*SERVERS, "both"], default="both", help="on which (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args()
    reports = []
    for name in SERVERS if chosen.database == "both" else (chosen.database,):
        with tempfile.TemporaryDirectory(prefix="dondoc-rush-") as folder, database(name, Path(folder)) as db:
            reports.append(run(db, Path(folder), name, clients=chosen.clients, times=chosen.times))
    told = [asdict(r) for r in reports]
    sys.stdout.write((json.dumps(told, ensure_ascii=False) if chosen.json else "\n".join(r.summary() for r in reports)) + "\n")
    return 1 if any(r.faults for r in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
