"""Units merge, split and end in the play: only where rare things happen, and only as the rules allow."""

from pathlib import Path

from sqlalchemy import select

from engine.instants import at_local
from models.tables import unit_change
from services.invariants import Checker
from simulation.replay import Staging, replay
from tests.factories import CALENDAR, festival
from tests.simulation.small import DAY, fresh


def test_changes_are_planned_applied_and_leave_every_invariant(tmp_path: Path) -> None:
    states: set[str] = set()
    for seed in (1, 2, 3):
        db = fresh(tmp_path, f"s{seed}")
        replay(db, festival(6), seed=seed, until=at_local(DAY, 9), calendar=CALENDAR, staging=Staging(rare=12.0))
        with db.read() as connection:
            states |= set(connection.execute(select(unit_change.c.state)).scalars())
        assert Checker(db, CALENDAR).check(at_local(DAY, 9), full=True, stuck=False) == []
        db.close()
    assert "applied" in states


def test_an_ordinary_play_has_none(tmp_path: Path) -> None:
    db = fresh(tmp_path)
    replay(db, festival(4), seed=1, until=at_local(DAY, 9), calendar=CALENDAR)
    with db.read() as connection:
        assert connection.execute(select(unit_change.c.id)).all() == []
    db.close()
