"""Seeds on trial: a few on every run, thousands by hand."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import simulation.check as check
from services.checks.findings import Broken
from services.invariants import Checker
from simulation.check import run_seed
from simulation.runner import Result, run
from tests.factories import CALENDAR, festival

PACK = Path(__file__).parents[2] / "plans" / "222-kh-ubnd"


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 6, 10])
def test_every_invariant_holds_on_every_day_of_a_small_plan(seed: int):
    trial = run_seed(festival(5), CALENDAR, seed)
    assert trial.failure is None, trial.failure
    assert trial.actions > 40 and trial.steps >= 25  # the plan's own; ad-hoc assignments and amendments add to them


def test_the_first_weeks_of_plan_222_hold():
    console = Console(file=StringIO())
    result = run(PACK, [7, 10], console=console, until=date(2022, 9, 20), workers=1)
    assert result.ok, result.summary()
    assert result.as_json()["seeds"] == 2 and result.as_json()["actions"] > 100
    assert result.summary().endswith("Mọi bất biến đều giữ.")


def test_a_failure_names_the_seed_the_day_and_the_invariant(monkeypatch: pytest.MonkeyPatch):
    broken = Broken("counters", "bao-cao is counted as 3, there are 4", 5)
    whole = Checker.check
    monkeypatch.setattr(Checker, "check", lambda self, at, **how: [broken] if at.day == 9 else whole(self, at, **how))
    written = StringIO()
    result = run(PACK, [4], console=Console(file=written, width=200), until=date(2022, 8, 20), workers=1)
    assert not result.ok
    assert "Hạt giống 4, ngày 09/08/2022; xem lại: dondoc simulate --seed 4" in written.getvalue()
    assert "counters: bao-cao is counted as 3, there are 4 (workflow 5)" in written.getvalue()
    assert result.as_json()["failures"][0]["day"] == "2022-08-09"


def test_a_refusal_that_nobody_expected_is_a_failure(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simulation.papers.submission", lambda *_, **__: {})
    trial = run_seed(festival(3), CALENDAR, 1)
    assert trial.failure and trial.failure.findings[0].startswith("surprise: submit by ")


def test_a_crash_is_a_failure_of_its_seed_alone(monkeypatch: pytest.MonkeyPatch):
    def crash(*_: object) -> None:
        raise ZeroDivisionError("by a fault of ours")

    monkeypatch.setattr("simulation.units.redo", crash)
    trial = run_seed(festival(5), CALENDAR, 1)
    assert trial.failure and trial.failure.findings[0].startswith("crash: ZeroDivisionError: by a fault of ours (")


def test_a_seed_lives_through_days_on_which_nothing_runs():
    days = check._outages(1, festival(3))
    assert 3 <= len(days) <= check.OUTAGES * check.LONGEST_OUTAGE


def test_without_seeds_there_is_nothing_to_say():
    assert Result((), 0.1).ok
