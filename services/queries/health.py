"""Whether the service can do its work, what is late, and totals for those who watch it.

*Vital* is what pages need: a database that takes writes, at this program's schema, with room on the disk. The rest only degrades: people
go on working while mail, sweep or Prefect stand still.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from engine.errors import DondocError
from engine.instants import Now
from models import heartbeats
from models.database import Database
from models.migrate import require_current
from models.reading import health
from models.reading.health import Totals
from services.heartbeats import ANCHOR, BACKUP, BEGUN, DELIVER, DUTIES, SWEEP, probe

LATE = {
    SWEEP: timedelta(minutes=30),
    DELIVER: timedelta(minutes=30),
    ANCHOR: timedelta(hours=26),
    BACKUP: timedelta(hours=26),
}
OUTBOX_LATE = timedelta(days=4)  # over a long weekend mail waits and nothing is wrong
LEAST_ROOM = 64 * 1024**2  # bytes


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``detail``: a code or a measure, nothing about units or people."""

    name: str
    ok: bool
    detail: str
    vital: bool = False


@dataclass(frozen=True, slots=True)
class Readiness:
    """``checks`` in the order in which they were made."""

    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        """Whether pages can be served."""
        return all(check.ok for check in self.checks if check.vital)

    @property
    def word(self) -> str:
        """ok | degraded | down."""
        if not self.ready:
            return "down"
        return "ok" if all(check.ok for check in self.checks) else "degraded"


@dataclass(frozen=True, slots=True)
class Measures:
    """What the database says of the service's work. Ages are seconds of system time; a duty never done is not in ``ages``.

    ``waiting``: since duties are waited for.
    """

    totals: Totals
    steps: dict[str, int]
    messages: dict[str, int]
    outbox_age: float
    ages: dict[str, float]
    waiting: float


def readiness(db: Database, now: Now, *, folder: Path, prefect: Callable[[], bool], mails: bool, backups: bool) -> Readiness:
    """Look at everything; ``prefect`` says whether Prefect's server answers, ``mails``: whether there is a way out for mail, ``backups``:
    whether their folder takes files.

    Writes a row or two, to see that writing works.
    """
    checks = [_schema(db), _write(db, now), _room(folder)]
    if all(check.ok for check in checks[:2]):
        checks += _late(measures(db, now), mails=mails, backups=backups)
    answers = prefect()
    return Readiness((*checks, Check("prefect", answers, "answers" if answers else "unreachable")))


def measures(db: Database, now: Now) -> Measures:
    """Totals and ages at ``now``."""
    with db.read() as connection:
        oldest, beats = health.oldest_unsent(connection), heartbeats.last(connection)
        return Measures(
            totals=health.totals(connection, now.business),
            steps=health.by_status(connection),
            messages=health.by_state(connection),
            outbox_age=_age(now, oldest) if oldest else 0.0,
            ages={name: _age(now, at) for name, at in beats.items() if name in DUTIES},
            waiting=_age(now, beats.get(BEGUN, now.system)),
        )


def _age(now: Now, at: datetime) -> float:
    return max(0.0, (now.system - at).total_seconds())


def _schema(db: Database) -> Check:
    try:
        require_current(db)
    except DondocError as problem:
        return Check("schema", False, problem.code, vital=True)
    except SQLAlchemyError as problem:
        return Check("schema", False, type(problem).__name__, vital=True)
    return Check("schema", True, "current", vital=True)


def _write(db: Database, now: Now) -> Check:
    try:
        probe(db, now)
    except DondocError as problem:
        return Check("database", False, problem.code, vital=True)
    except SQLAlchemyError as problem:
        return Check("database", False, type(problem).__name__, vital=True)
    return Check("database", True, "writes", vital=True)


def _room(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    return Check("disk", free >= LEAST_ROOM, f"{free // 1024**2} MB free", vital=True)


def _late(found: Measures, *, mails: bool, backups: bool) -> list[Check]:
    """An office may do without a mail server: that is said, and is no fault."""
    outbox = Check("outbox", found.outbox_age <= OUTBOX_LATE.total_seconds(), f"{found.outbox_age:.0f} s")
    checks = [outbox if mails else Check("outbox", True, f"no mail server, {found.totals.unsent_messages} kept")]
    for name, limit in LATE.items():
        if name == BACKUP and not backups:
            checks.append(Check(name, False, "its folder takes no file"))
            continue
        age = found.ages.get(name)
        ok = (found.waiting if age is None else age) <= limit.total_seconds()
        checks.append(Check(name, ok, f"{age:.0f} s" if age is not None else "not yet" if ok else f"never in {found.waiting:.0f} s"))
    return checks
