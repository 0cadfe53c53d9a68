"""One seed on trial: the whole plan is lived through, and after each day every invariant is checked."""

from __future__ import annotations

import tempfile
import time
import traceback
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from engine.calendar import WorkCalendar
from engine.definition import PlanDefinition
from engine.instants import at_local, local_day
from models.database import Database, sqlite_url
from models.schema import create_all
from notifications.render import Site
from services.invariants import Broken, Checker
from simulation.post import NO_POST, NullPost
from simulation.replay import Replayed, Staging, replay
from simulation.stage import Surprise
from simulation.temper import draw

FULL_EVERY = 90  # days between checks of everything from its beginning
MAIL_EVERY = 10  # every so many seeds with mail as well
RARE_EVERY, RARE = 3, 12.0  # every so many seeds in which rare things happen so many times as often
AFTERWARDS = timedelta(days=120)  # what opened at the plan's end is finished by then
TWICE = 0.02
OUTAGES, LONGEST_OUTAGE = 3, 6
MEMORY = Path("/dev/shm")  # a disk in memory, where there is one; folders in it are made by `tempfile`  # noqa: S108


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong first: the local day, and each invariant that did not hold (or what surprised the play)."""

    day: date
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One seed's result. ``seconds`` as the clock on the wall shows them."""

    seed: int
    steps: int
    actions: int
    seconds: float
    failure: Failure | None = None


class Failed(Exception):
    """Stops the play where an invariant does not hold."""

    def __init__(self, at: datetime, broken: list[Broken]) -> None:
        super().__init__(f"{len(broken)} finding(s)")
        self.failure = Failure(local_day(at), tuple(map(str, broken)))


class Watcher:
    """Checks a play's database as the days go by."""

    def __init__(self, db: Database, calendar: WorkCalendar, outages: frozenset[date] = frozenset()) -> None:
        self.checker, self.outages = Checker(db, calendar), outages
        self.next_day: date | None = None  # the one being lived through
        self._days = 0

    def after_sweep(self, at: datetime) -> None:
        """Every rung that is behind was sent or passed over."""
        self._stop(at, self.checker.check_rungs(at))

    def after_day(self, at: datetime) -> None:
        """Everything that changed still holds; every so often, everything."""
        today, self._days = local_day(at), self._days + 1
        self.next_day = today + timedelta(days=1)
        self._stop(at, self.checker.check(at, full=self._days % FULL_EVERY == 0, stuck=today not in self.outages))

    def at_the_end(self, at: datetime) -> None:
        """Everything, once more from its beginning."""
        self._stop(at, self.checker.check(at, full=True))

    def _stop(self, at: datetime, broken: list[Broken]) -> None:
        if broken:
            raise Failed(at, broken)


def run_seed(definition: PlanDefinition, calendar: WorkCalendar, seed: int, *, until: date | None = None) -> Trial:
    """Live through ``definition`` with ``seed``, in a database of its own that is thrown away, to the end or to the day ``until``."""
    started = time.perf_counter()
    end = at_local(until or definition.to + AFTERWARDS, 9)
    outages = _outages(seed, definition)
    post = NullPost(calendar, Site("")) if seed % MAIL_EVERY == 0 else NO_POST
    staging = Staging(
        post=post, twice=TWICE, rare=RARE if seed % RARE_EVERY == 0 else 1.0, unplanned=True, people_change=True, outages=outages
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="dondoc-seed-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        db = Database(sqlite_url(Path(folder) / "dondoc.sqlite"), durable=False)
        watcher = Watcher(db, calendar, outages)
        replayed, failure = Replayed(0, 0, 0), None
        try:
            create_all(db)
            replayed = replay(
                db, definition, seed=seed, until=end, calendar=calendar, staging=staging, after_sweep=watcher.after_sweep,
                after_day=watcher.after_day,
            )  # fmt: skip
            watcher.at_the_end(end)
        except Failed as failed:
            failure = failed.failure
        except Exception as crash:  # noqa: BLE001  whatever breaks is a finding, and must not take the other seeds with it
            failure = Failure(watcher.next_day or definition.issued_on, (_in_words(crash),))
        finally:
            db.close()
    return Trial(seed, replayed.steps, replayed.actions, time.perf_counter() - started, failure)


def _in_words(crash: Exception) -> str:
    if isinstance(crash, Surprise):
        return f"surprise: {crash}"
    frame = traceback.extract_tb(crash.__traceback__)[-1]
    return f"crash: {type(crash).__name__}: {crash} ({Path(frame.filename).name}:{frame.lineno})"


def _outages(seed: int, definition: PlanDefinition) -> frozenset[date]:
    """A few times nothing runs for some days; the first and the last weeks are spared."""
    rng, first = draw(seed, "outages"), definition.issued_on
    length = (definition.to - first).days
    starts = [first + timedelta(days=rng.randint(14, max(15, length - 30))) for _ in range(OUTAGES)]
    return frozenset(start + timedelta(days=n) for start in starts for n in range(rng.randint(1, LONGEST_OUTAGE)))
