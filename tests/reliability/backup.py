"""Backups made while people go on working: restored elsewhere, everything acknowledged before is there, files match, the journal verifies.

    python -m tests.reliability.backup --facts 100000 --clients 16 --json

A database of so many facts behind real web processes (`dondoc serve`, one on SQLite, two on one PostgreSQL). Clients write comments and put
files into drafts without a pause; meanwhile `dondoc backup` runs as a command, and what it made goes elsewhere by `dondoc restore`.
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
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from itertools import count, cycle
from pathlib import Path

import httpx
from sqlalchemy import func, select

from engine.access import Actor, Membership
from models.copying import attachments_of
from models.database import Database, sqlite_url
from models.tables import journal_entry
from services.act import act
from services.invariants import violations
from tests.databases import postgres_database, postgres_server
from tests.factories import AGENCY, CALENDAR, at
from tests.reliability.office import DAY, Work
from tests.reliability.rush import SERVERS, prepare, served
from wiring.settings import CHECKOUT

STEPS = 480
A_FILE_EVERY = 5
WRITER = Actor(1, "Người ghi", (Membership(AGENCY),), frozenset({"agency"}))


@dataclass
class Report:
    """What a run came to. Seconds are those of the commands as a person waits for them, with the start of the program."""

    database: str
    clients: int
    facts: int = 0
    files: int = 0
    backups: int = 0
    acknowledged: int = 0
    acknowledged_meanwhile: int = 0
    backup_s: list[float] = field(default_factory=list)
    restore_s: list[float] = field(default_factory=list)
    verify_s: list[float] = field(default_factory=list)
    megabytes: float = 0.0
    faults: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """The report for people."""
        spent = {"backup": self.backup_s, "restore": self.restore_s, "verify": self.verify_s}
        lines = [
            f"{self.database}: {self.backups} backups, the last of {self.facts} facts and {self.files} files, {self.megabytes:.0f} MB",
            f"{self.acknowledged} acknowledged by {self.clients} clients, {self.acknowledged_meanwhile} of them during backups",
            "; ".join(f"{name} {', '.join(f'{s:.1f}' for s in seconds)} s" for name, seconds in spent.items()),
            *(self.faults or ["nothing acknowledged before is missing, every file is as it was, the journals verify"]),
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A fact of which a client was told, and the hash of the file that went with it ("" without)."""

    workflow_id: int
    seq: int
    digest: str


class Load:
    """Clients that write without a pause, each with steps of its own, until they are told to end. Use as a context."""

    def __init__(self, bases: Sequence[str], tokens: Sequence[str], work: Sequence[Work]) -> None:
        self.done: list[Acknowledged] = []
        self.trouble: list[str] = []
        self._stop = threading.Event()
        mine = [work[n :: len(tokens)] for n in range(len(tokens))]
        everybody = enumerate(zip(cycle(bases), tokens, mine, strict=False))
        self._threads = [threading.Thread(target=self._go_on, args=(n, *one), daemon=True) for n, one in everybody]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)

    def wait_for(self, more: int) -> int:
        """Until so many more are acknowledged, or a client met trouble; how many are acknowledged now."""
        wanted = len(self.done) + more
        while len(self.done) < wanted and not self.trouble:
            self._stop.wait(0.01)
        return len(self.done)

    def _go_on(self, client: int, base: str, token: str, mine: Sequence[Work]) -> None:
        with httpx.Client(base_url=base, timeout=60, headers={"Authorization": f"Bearer {token}"}) as http:
            for n, one in zip(count(1), cycle(mine), strict=False):
                if self._stop.is_set():
                    return
                try:
                    self.done.append(self._write(http, one.step_id, client, n))
                except (httpx.HTTPError, KeyError) as problem:
                    self.trouble.append(f"client {client}: {type(problem).__name__}: {problem}")
                    return

    def _write(self, http: httpx.Client, step_id: int, client: int, n: int) -> Acknowledged:
        path, digest = f"/api/v1/steps/{step_id}", ""
        if n % A_FILE_EVERY:
            answer = http.post(f"{path}/actions/comment", json={"payload": {"text": f"ý kiến {client}-{n}"}})
        else:
            content = f"%PDF-1.7\n{client}-{n}-{os.urandom(8).hex()}\n".encode()
            digest = sha256(content).hexdigest()
            parts = {"file": (f"{client}-{n}.pdf", content, "application/pdf")}
            answer = http.post(f"{path}/attachments", data={"evidence": ""}, files=parts)
        told = answer.raise_for_status().json()
        return Acknowledged(told["workflow_id"], told["seq"], digest)


def fill(db: Database, work: Sequence[Work], facts: int) -> None:
    """Comments, until the journal has so many entries."""
    for n in range(max(0, facts - entries(db))):
        text = {"text": f"Ý kiến thứ {n} về việc này."}
        act(db, actor=WRITER, step_id=work[n % len(work)].step_id, action="comment", payload=text, now=at(DAY), calendar=CALENDAR)


def entries(db: Database) -> int:
    """How many entries the journal has."""
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(journal_entry)).scalar_one())


def command(data: Path, db: Database, *arguments: str) -> float:
    """Run a `dondoc` command on ``data`` and ``db``; its seconds. Raises RuntimeError with what it said if it fails."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DONDOC_")}
    environment["DONDOC_DATABASE_URL"] = db.url.render_as_string(hide_password=False)
    begin = time.monotonic()
    called = [sys.executable, "-m", "cli.entry", *arguments, "--data", str(data)]
    ended = subprocess.run(called, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"dondoc {arguments[0]}: {(ended.stderr or ended.stdout).strip()[-500:]}")
    return round(time.monotonic() - begin, 1)


def missing(before: Sequence[Acknowledged], other: Database, data: Path, elsewhere: Path) -> Iterator[str]:
    """What was acknowledged before and is not in ``other``, and every file there that is not as it is in ``data``."""
    with other.read() as connection:
        stored = set(connection.execute(select(journal_entry.c.stream, journal_entry.c.seq)).tuples())
    digests = set(attachments_of(other))
    for fact in before:
        if (f"workflow:{fact.workflow_id}", fact.seq) not in stored:
            yield f"acknowledged and missing: workflow {fact.workflow_id}, entry {fact.seq}"
        if fact.digest and fact.digest not in digests:
            yield f"acknowledged and missing: file {fact.digest}"
    for digest in digests:
        path = Path("attachments", digest[:2], digest)
        content = (elsewhere / path).read_bytes() if (elsewhere / path).exists() else b""
        if sha256(content).hexdigest() != digest or content != (data / path).read_bytes():
            yield f"not as it was: file {digest}"


def one_backup(report: Report, load: Load, db: Database, data: Path, other: Database, elsewhere: Path) -> None:
    """Make a backup under load, put it back elsewhere, and look at it."""
    before = load.done[: load.wait_for(20 * report.clients)]
    file = elsewhere / "sao-luu.zip"
    report.backup_s.append(command(data, db, "backup", str(file)))
    meanwhile = len(load.done) - len(before)
    report.acknowledged_meanwhile += meanwhile
    if not meanwhile:
        report.faults.append("nobody could work during the backup")
    report.megabytes = round(file.stat().st_size / 2**20, 1)
    report.restore_s.append(command(elsewhere, other, "restore", str(file)))
    report.verify_s.append(command(elsewhere, other, "journal", "verify"))
    report.faults += missing(before, other, data, elsewhere)
    report.faults += [str(broken) for broken in violations(other, now=at(DAY), calendar=CALENDAR)]
    report.facts, report.files = entries(other), len(set(attachments_of(other)))
    report.backups += 1


def run(databases: Databases, data: Path, *, facts: int, clients: int, backups: int) -> Report:
    """So many ``backups`` of an office of so many ``facts``, each restored into a database of its own."""
    report = Report(databases.name, clients)
    with databases.one(data) as db:
        work, crowd = prepare(db, STEPS, clients)
        fill(db, work, facts)
        with (
            served(data, db.url.render_as_string(hide_password=False), SERVERS[databases.name]) as bases,
            Load(bases, crowd.unit, work) as load,
        ):
            for _ in range(backups):
                with tempfile.TemporaryDirectory(prefix="dondoc-elsewhere-") as folder, databases.one(Path(folder)) as other:
                    one_backup(report, load, db, data, other, Path(folder))
        report.acknowledged = len(load.done)
        report.faults += load.trouble
    return report


@dataclass(frozen=True, slots=True)
class Databases:
    """Where empty databases come from. ``server``: the URL of the PostgreSQL server, "" for SQLite."""

    name: str
    server: str = ""

    @contextmanager
    def one(self, data: Path) -> Iterator[Database]:
        """An empty database for ``data``; filling one on SQLite does not wait for the disk, the web process does."""
        if self.server:
            with postgres_database(self.server, empty=True) as db:
                yield db
            return
        db = Database(sqlite_url(data / "dondoc.sqlite"), durable=False)
        try:
            yield db
        finally:
            db.close()


def main() -> int:
    """Parse, run, print; exit code 1 if anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.backup", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--facts", type=int, default=100_000, help="entries in the journal before the first backup (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=16, help="how many write meanwhile (default: %(default)s)")
    parser.add_argument("--backups", type=int, default=3, help="how many backups (default: %(default)s)")
    parser.add_argument("--database", choices=[*SERVERS, "both"], default="both", help="on which (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args()
    reports = []
    for name in SERVERS if chosen.database == "both" else (chosen.database,):
        with ExitStack() as undo:
            server = undo.enter_context(postgres_server()) if name == "postgres" else ""
            data = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="dondoc-backup-")))
            found = run(Databases(name, server), data, facts=chosen.facts, clients=chosen.clients, backups=chosen.backups)
            reports.append(found)
    told = [asdict(r) for r in reports]
    sys.stdout.write((json.dumps(told, ensure_ascii=False) if chosen.json else "\n".join(r.summary() for r in reports)) + "\n")
    return 1 if any(r.faults for r in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
