"""What one action costs beside its floor, and whether that grows with the number of units."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median

from benchmarks.acting import calls_of, run
from benchmarks.counting import counted
from benchmarks.floor import floor_calls, recorded
from benchmarks.measuring import Meter, interleaved
from benchmarks.plans import opened
from benchmarks.report import Row
from models.database import Database

FEW, MANY = 11, 150
MS = 1000


def action_rows(db: Database, *, rounds: int) -> Iterator[Row]:
    """The action beside a bare SQLModel transaction that writes the same rows; its statements, commits and write-ahead log."""
    name = "SQLite" if db.sqlite else "PostgreSQL"
    ids = iter(opened(db, units=FEW, workflows=4 * rounds + 3))
    script, meter = recorded(db, next(ids)), Meter(db)
    run(calls_of(db, next(ids)))
    run(floor_calls(db, next(ids), script))

    def ours(_: int) -> float:
        calls = calls_of(db, next(ids))
        return meter.spent(lambda: run(calls)) / len(calls) * MS

    def floor(_: int) -> float:
        calls = floor_calls(db, next(ids), script)
        return meter.spent(lambda: run(calls)) / len(calls) * MS

    mine, bare, ratio = interleaved(rounds, ours, floor)
    yield Row(f"CPU per action, {FEW} units", name, ratio, "× floor", 1.0, f"{mine:.2f} ms; bare SQLModel transaction {bare:.2f} ms")
    calls = calls_of(db, next(ids))
    with counted(db) as found:
        run(calls)
    statements, commits = len(found.statements) / len(calls), found.commits / len(calls)
    with counted(db) as bare_found:
        run(floor_calls(db, next(ids), script))
    beside = f"floor {len(bare_found.statements) / len(calls):.1f}; submit and approve of every unit, the join's last included"
    yield Row("statements per action", name, statements, "", 8, beside)
    yield Row("commits per action", name, commits, "", 1, "")
    if not db.sqlite:
        yield from _log_rows(db, meter, ids, script_length=len(script), rounds=min(rounds, 8))


def _log_rows(db: Database, meter: Meter, ids: Iterator[int], *, script_length: int, rounds: int) -> Iterator[Row]:
    sizes = []
    for _ in range(rounds):
        sizes.append(meter.logged(partial(run, calls_of(db, next(ids)))) / script_length / 1024)
    beside = "median of rounds; a round after a checkpoint writes whole pages"
    yield Row("write-ahead log per action", "PostgreSQL", median(sizes), "KB", 3, beside)


def growth_rows(db: Database, *, rounds: int) -> Iterator[Row]:
    """The same actions with 150 units and with 11, in turns; each side does about as many."""
    name, per_round = "SQLite" if db.sqlite else "PostgreSQL", 4
    few = iter(opened(db, units=FEW, workflows=per_round * rounds + 1))
    many = iter(opened(db, units=MANY, workflows=rounds + 1)[: rounds + 1])
    meter = Meter(db)
    run(calls_of(db, next(few)))
    run(calls_of(db, next(many)))

    def large(_: int) -> float:
        calls = calls_of(db, next(many))
        return meter.spent(lambda: run(calls)) / len(calls) * MS

    def small(_: int) -> float:
        calls = [call for _ in range(per_round) for call in calls_of(db, next(few))]
        return meter.spent(lambda: run(calls)) / len(calls) * MS

    big, little, ratio = interleaved(rounds, large, small)
    yield Row(f"CPU per action, {MANY} units ÷ {FEW}", name, ratio, "×", 1.2, f"{big:.2f} ms; {little:.2f} ms")
