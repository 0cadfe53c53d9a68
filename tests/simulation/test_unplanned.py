"""A replay in which letters arrive that no plan foresaw, and cycles are closed and reopened."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from engine.instants import Now, at_local
from models.database import Database
from models.tables import assignment, journal_entry, step, workflow
from services.invariants import violations
from simulation.replay import Staging, replay
from tests.factories import CALENDAR, festival


def test_letters_are_assigned_and_done_and_cycles_closed(sqlite: Database) -> None:
    until = at_local(date(2025, 6, 30), 9)
    replay(sqlite, festival(4), seed=3, until=until, calendar=CALENDAR, staging=Staging(rare=12.0, unplanned=True))
    with sqlite.read() as connection:
        letters = connection.execute(select(func.count()).select_from(assignment)).scalar_one()
        ad_hoc = connection.execute(
            select(step.c.status).join(workflow, workflow.c.id == step.c.workflow_id).where(workflow.c.assignment_id.is_not(None))
        ).scalars()
        done = sum(status == "done" for status in ad_hoc)
        closed = connection.execute(select(func.count()).where(journal_entry.c.action == "close-cycle")).scalar_one()
        running = connection.execute(select(func.count()).where(step.c.closed_on.is_not(None), step.c.next_rung_at.is_not(None)))
        assert running.scalar_one() == 0
    assert letters > 3 and done > 3 and closed > 3
    assert violations(sqlite, now=Now(until, until), calendar=CALENDAR) == []
