"""Late days of a plan that was lived through: each is given out once, and its sum is what lists show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.instants import Now, at_local
from engine.statuses import VOID, WorkStatus
from engine.timeliness import days_late
from engine.turns import Clock
from models.tables import step, workflow
from services.attribution import Attribution, stopped_on
from services.definitions import workflow_of
from tests.simulation.small import fresh, lived


@pytest.mark.parametrize("seed", [2, 7, 13])
def test_every_late_day_of_a_lived_plan_has_one_owner(tmp_path: Path, seed: int) -> None:
    db, until = fresh(tmp_path), at_local(date(2024, 10, 7), 9)
    lived(db, seed=seed, until=until)
    now, total = Now(until, until), 0
    with db.read() as connection:
        row = connection.execute(select(workflow)).mappings().one()
        attribution = Attribution(connection, row["id"], workflow_of(connection, row), now)
        for each in connection.execute(select(step)).mappings():
            found, void = attribution.of(each["id"]), WorkStatus(each["status"]) in VOID
            for days, due_on in ((found.current, each["due_on"]), (found.original, each["original_due_on"])):
                assert len(days) == (0 if void else days_late(due_on, stopped_on(each), now.today))
                assert all(day.holder for day in days if day.clock in (Clock.LEAD, Clock.APPROVER, Clock.AGENCY))
                total += len(days)
    db.close()
    assert total > 20
