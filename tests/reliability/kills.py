"""Kills what runs, again and again, while clients work, and then looks whether anything that was acknowledged is lost.

    python -m tests.reliability.kills --completions 5000 --kills 100 --json

Clients submit and approve steps over the API. Web, orchestrator, Prefect's server and the mail server are killed with SIGKILL in a random
order, each as often as the others, evenly over the work: clients wait at a gate for the next kill rather than finish before it.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from models.database import Database, sqlite_url
from models.tables import message
from notifications.mailbox import Mailbox
from tests.journeys.stack import until
from tests.reliability.clients import Client, Told, shared
from tests.reliability.machine import Machine, Victim
from tests.reliability.office import prepare
from tests.reliability.verdict import faults, let_a_day_pass
from wiring.clock import system_now

SETTLED_WITHIN_S = 300.0
BEGUN_WITHIN_S = 900.0
UNSETTLED = """
SELECT (SELECT count(*) FROM workflow WHERE wake > woken)
     + (SELECT count(*) FROM notice WHERE state = 'pending' AND urgency <> 'digest')
     + (SELECT count(*) FROM message
        WHERE state = 'pending' AND kind <> 'digest' AND next_try_at <= strftime('%Y-%m-%d %H:%M:%f', 'now'))
"""
"""What the product still has to do by itself. Claims of the dead are not counted, their leases last ten minutes; nor is what the
mail server's absence put off, nor what is gathered into the mail of the next morning."""


@dataclass
class Report:
    """What a run came to. ``back_after_s``: seconds until each kind served again, one for each kill."""

    completions: int = 0
    acknowledged: int = 0
    repeated: int = 0
    seconds: float = 0.0
    working_seconds: float = 0.0
    settled_after_s: float = 0.0
    slowest_action_s: float = 0.0
    kills: dict[str, int] = field(default_factory=dict)
    back_after_s: dict[str, list[float]] = field(default_factory=dict)
    mails: int = 0
    lost_acknowledgements: int = 0
    arrived_again: int = 0
    faults: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """The report for people."""
        rate = self.acknowledged / self.working_seconds if self.working_seconds else 0
        lines = [
            f"{self.completions} completions, {self.acknowledged} acknowledged actions, {self.repeated} of them asked for more than once",
            f"{self.seconds:.0f} s in all, {self.working_seconds:.0f} s of it at work: {rate:.0f} actions/s; "
            f"slowest {self.slowest_action_s:.1f} s; settled {self.settled_after_s:.0f} s after the last",
            *(
                f"{name}: {self.kills[name]} kills, back after {statistics.median(found):.1f} s (median), {max(found):.1f} s (longest)"
                for name, found in sorted(self.back_after_s.items())
            ),
            f"{self.mails} mails, {self.lost_acknowledgements} lost acknowledgements, {self.arrived_again} arrived again",
            *(self.faults or ["nothing lost, nothing twice"]),
        ]
        return "\n".join(lines)


def run(data: Path, *, completions: int, kills: int, clients: int, seed: int) -> Report:
    """Do it all in the empty folder ``data``."""
    work, begin = prepare(data, completions), time.monotonic()
    told, report = Told(), Report(completions=completions)
    with Machine(data) as machine:
        settle(machine, report, BEGUN_WITHIN_S)  # thousands of steps are mirrored and told of at once: that is not what is tried here
        threads = [threading.Thread(target=Client(machine.stack.base, part, told).run, daemon=True) for part in shared(work, clients)]
        for thread in threads:
            thread.start()
        kill_all(machine, told, report, order(kills, seed))
        for thread in threads:
            thread.join()
        report.faults += told.trouble
        if not told.trouble:
            settle(machine, report)
        report.seconds = time.monotonic() - begin
        machine.stack.stop(signal.SIGTERM)
        judge(machine, told, report, [one.step_id for one in work])
    return report


def order(kills: int, seed: int) -> list[Victim]:
    """Each victim as often as the others, in a random order."""
    found = [victim for _, victim in zip(range(kills), list(Victim) * kills, strict=False)]
    random.Random(seed).shuffle(found)
    return found


def kill_all(machine: Machine, told: Told, report: Report, victims: Sequence[Victim]) -> None:
    """Kill one after another, each while the completions after its turn are begun. A victim that is not back yet is waited for."""
    killers: dict[Victim, threading.Thread] = {}
    for n, victim in enumerate(victims, 1):
        told.allow(report.completions * n // len(victims))
        told.wait_for(report.completions * (2 * n - 1) // (2 * len(victims)))
        if victim in killers:
            killers[victim].join()
        killers[victim] = threading.Thread(target=_kill, args=(machine, victim, told, report), daemon=True)
        killers[victim].start()
        if told.trouble:
            break
    told.allow(report.completions)
    for killer in killers.values():
        killer.join()


def _kill(machine: Machine, victim: Victim, told: Told, report: Report) -> None:
    try:
        seconds = machine.kill(victim)
    except (AssertionError, OSError, subprocess.CalledProcessError) as problem:
        told.fail(f"{victim}: {problem}")
        return
    report.kills[victim] = report.kills.get(victim, 0) + 1
    report.back_after_s.setdefault(victim, []).append(round(seconds, 1))


def settle(machine: Machine, report: Report, seconds: float = SETTLED_WITHIN_S) -> None:
    """Wait until everything is woken and sent that the product can by itself; ``seconds`` at most."""
    begin = time.monotonic()

    def settled() -> bool:
        with closing(sqlite3.connect(f"file:{machine.data / 'dondoc.sqlite'}?mode=ro", uri=True)) as connection:
            return int(connection.execute(UNSETTLED).fetchone()[0]) == 0

    try:
        until("everything is woken and sent", settled, seconds=seconds)
    except AssertionError as problem:
        report.faults.append(str(problem))
    report.settled_after_s = round(time.monotonic() - begin, 1)


def judge(machine: Machine, told: Told, report: Report, steps: Sequence[int]) -> None:
    """Let a day pass, then look at everything."""
    report.acknowledged = len(told.acknowledged)
    report.repeated = sum(one.asked > 1 for one in told.acknowledged)
    report.slowest_action_s = round(max((one.seconds for one in told.acknowledged), default=0.0), 1)
    report.working_seconds = round(told.at_work, 1)
    db = Database(sqlite_url(machine.data / "dondoc.sqlite"))
    try:
        let_a_day_pass(db, machine.mail_port, system_now())
        report.faults += faults(db, machine.mails, told.acknowledged, steps)
        report.mails, report.lost_acknowledgements, report.arrived_again = tallies(db, Mailbox(machine.mails))
    finally:
        db.close()


def tallies(db: Database, mailbox: Mailbox) -> tuple[int, int, int]:
    """Mails that arrived, each counted once; acknowledgements that were lost; how often a mail arrived once more."""
    with db.read() as connection:
        lost = connection.execute(select(func.coalesce(func.sum(message.c.lost), 0))).scalar_one()
    arrived = Counter(mailbox.header(found).message_id for found in mailbox.ids())
    return len(arrived), lost, arrived.total() - len(arrived)


def main() -> int:
    """Parse, run, print; exit code 1 if anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.kills", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--completions", type=int, default=5000, help="steps to submit and approve (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=100, help="how many kill -9 (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=16, help="how many work at once (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the order of kills (default: %(default)s)")
    parser.add_argument("--data", type=Path, help="an empty folder that is kept (default: a temporary one)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything that was started is stopped
    with tempfile.TemporaryDirectory(prefix="dondoc-kills-") as folder:
        data = chosen.data or Path(folder)
        report = run(data, completions=chosen.completions, kills=chosen.kills, clients=chosen.clients, seed=chosen.seed)
    sys.stdout.write((json.dumps(asdict(report)) if chosen.json else report.summary()) + "\n")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
