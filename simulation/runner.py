"""Many seeds on trial, on every core."""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from engine.calendar import WorkCalendar
from engine.definition import PlanDefinition
from plans.reader import read_pack
from simulation.check import Trial, run_seed
from wiring.calendar import build_calendar


@dataclass(frozen=True, slots=True)
class Result:
    """What the seeds came to. ``seconds`` on the wall for all of them."""

    trials: tuple[Trial, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether every invariant held, every day, with every seed."""
        return not self.failures

    @property
    def failures(self) -> tuple[Trial, ...]:
        """The seeds with a failure, in order."""
        return tuple(t for t in self.trials if t.failure)

    def as_json(self) -> dict[str, Any]:
        """Figures and failures for scripts; rates are per second on the wall."""
        steps, actions = sum(t.steps for t in self.trials), sum(t.actions for t in self.trials)
        return {
            "seeds": len(self.trials), "ok": self.ok, "steps": steps, "actions": actions, "seconds": round(self.seconds, 1),
            "steps_per_second": round(steps / self.seconds, 1), "actions_per_second": round(actions / self.seconds, 1),
            "slowest_seed_seconds": round(max((t.seconds for t in self.trials), default=0), 1),
            "failures": [
                {"seed": t.seed, "day": t.failure.day.isoformat(), "findings": list(t.failure.findings)} for t in self.trials if t.failure
            ],
        }  # fmt: skip

    def summary(self) -> str:
        """The figures in a sentence, then each failure with how to see it again."""
        found = self.as_json()
        lines = [
            f"{found['seeds']} hạt giống, {found['steps']} bước, {found['actions']} thao tác trong {found['seconds']:.0f} giây "
            f"({found['steps_per_second']:.0f} bước/giây, {found['actions_per_second']:.0f} thao tác/giây)."
        ]
        lines += [line for trial in self.failures for line in _failure_lines(trial)]
        return "\n".join([*lines, "Mọi bất biến đều giữ." if self.ok else f"{len(self.failures)} hạt giống có lỗi."])


def run(pack: Path, seeds: Sequence[int], *, console: Console, until: date | None = None, workers: int | None = None) -> Result:
    """Put ``seeds`` on trial with the plan of the folder ``pack``, with a progress bar on ``console``.

    ``until``: the last local day to live through (default: past the plan's end). ``workers``: processes (default: one a core).
    Raises PackError for a pack with problems.
    """
    _plan(pack)  # its problems are reported here, not from a worker
    started = time.perf_counter()
    columns = (TextColumn("Mô phỏng"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    trials = []
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=len(seeds))
        for trial in _trials(pack, seeds, until, workers or os.cpu_count() or 1):
            trials.append(trial)
            progress.advance(bar)
            for line in _failure_lines(trial):
                console.print(line, markup=False)
    return Result(tuple(sorted(trials, key=lambda t: t.seed)), time.perf_counter() - started)


def _trials(pack: Path, seeds: Sequence[int], until: date | None, workers: int) -> Iterator[Trial]:
    if len(seeds) == 1 or workers == 1:
        yield from (_one(pack, seed, until) for seed in seeds)
        return
    context = multiprocessing.get_context("spawn")  # a fork would share the parent's locks
    with ProcessPoolExecutor(min(workers, len(seeds)), mp_context=context, initializer=_collect_seldom) as pool:
        for done in as_completed([pool.submit(_one, pack, seed, until) for seed in seeds]):
            yield done.result()


def _collect_seldom() -> None:
    """What a seed makes dies by reference count; looking for cycles all the time costs a third more."""
    gc.set_threshold(200_000, 20, 50)


def _one(pack: Path, seed: int, until: date | None) -> Trial:
    definition, calendar = _plan(pack)
    return run_seed(definition, calendar, seed, until=until)


@lru_cache(maxsize=1)
def _plan(pack: Path) -> tuple[PlanDefinition, WorkCalendar]:
    definition = read_pack(pack, build_calendar)
    return definition, build_calendar(definition.calendar)


def _failure_lines(trial: Trial) -> list[str]:
    if trial.failure is None:
        return []
    head = f"Hạt giống {trial.seed}, ngày {trial.failure.day:%d/%m/%Y}; xem lại: dondoc simulate --seed {trial.seed}"
    return [head, *(f"  {finding}" for finding in trial.failure.findings)]
