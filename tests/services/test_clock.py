"""The simulated clock stands still, goes forward only, and real time is left alone."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Refused
from models.database import Database
from services.clock import advance_to, now_of, set_target, start, target
from tests.factories import at

FIRST, LATER = at(date(2024, 7, 25)).business, at(date(2024, 8, 1)).business
SYSTEM = at(date(2026, 1, 5)).system


def test_it_stands_still_until_it_is_advanced(db: Database) -> None:
    start(db, FIRST)
    set_target(db, LATER)
    assert now_of(db, system=SYSTEM, simulated=True).business == FIRST and target(db) == LATER
    advance_to(db, LATER)
    assert now_of(db, system=SYSTEM, simulated=True).business == LATER and target(db) is None


def test_it_never_goes_back(db: Database) -> None:
    start(db, LATER)
    advance_to(db, FIRST)
    assert now_of(db, system=SYSTEM, simulated=True).business == LATER
    with pytest.raises(Refused):
        set_target(db, FIRST)


def test_system_time_is_never_simulated(db: Database) -> None:
    start(db, FIRST)
    now = now_of(db, system=SYSTEM, simulated=True)
    assert (now.business, now.system) == (FIRST, SYSTEM)
    assert now_of(db, system=SYSTEM, simulated=False).business == SYSTEM
