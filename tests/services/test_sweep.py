"""What time itself brings: marks and reminders, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.calendar import WorkCalendar
from engine.definition import PlanDefinition
from engine.rungs import At, Rung, rung
from models.database import Database
from models.tables import notice
from services.invariants import violations
from services.sweep import sweep
from tests.factories import CALENDAR, MEMBER, OFFICER, at, festival
from tests.services.played import Played
from tests.services.test_act import NUMBERED

DUE = date(2024, 6, 20)  # ke-hoach: T-60


@pytest.fixture
def played(db: Database) -> Played:
    return Played(db)


def rungs(played: Played, state: str = "pending") -> list[str]:
    query = (
        select(notice.c.rung)
        .where(notice.c.step_id == played.step("ke-hoach")["id"], notice.c.rung.is_not(None), notice.c.state == state)
        .order_by(notice.c.id)
    )
    with played.db.read() as connection:
        return [str(r) for r in connection.execute(query).scalars()]


def live_until(played: Played, last: date, *, hours: tuple[int, ...] = (0, 8, 18)) -> None:
    """Sweep several times a day from the played day to ``last``."""
    while played.day <= last:
        for hour in hours:
            sweep(played.db, now=at(played.day, hour, 5), calendar=CALENDAR)
        played.day += timedelta(days=1)


def test_every_rung_is_sent_once_however_often_the_sweep_runs(played: Played) -> None:
    live_until(played, date(2024, 7, 12))
    sent = rungs(played)
    assert sent == [
        "D-7", "D-3", "D-1", "D", "D+1", "D+3", "D+3-head", "D+7", "D+7-agency", "D+7/1", "D+14-committee",
    ]  # fmt: skip
    assert len(sent) == len(set(sent))


def test_after_a_long_stop_only_the_latest_reminder_leaves_and_the_others_are_passed_over(played: Played) -> None:
    sweep(played.db, now=at(played.day), calendar=CALENDAR)
    sweep(played.db, now=at(DUE, 12), calendar=CALENDAR)
    assert rungs(played) == ["D"]
    assert rungs(played, "passed-over") == ["D-7", "D-3", "D-1"]


def test_it_becomes_overdue_at_the_end_of_its_local_day(played: Played) -> None:
    sweep(played.db, now=at(DUE, 23, 59), calendar=CALENDAR)
    result = sweep(played.db, now=at(DUE + timedelta(days=1), 0, 0), calendar=CALENDAR)
    assert result.overdue == [played.step("ke-hoach")["id"]]
    again = sweep(played.db, now=at(DUE + timedelta(days=1), 0, 0), calendar=CALENDAR)
    assert (again.crossed, again.overdue) == (0, [])


def test_becoming_overdue_wakes_the_workflow(played: Played) -> None:
    sweep(played.db, now=at(DUE, 12), calendar=CALENDAR)
    wake = played.workflow()["wake"]
    sweep(played.db, now=at(DUE + timedelta(days=1), 1), calendar=CALENDAR)
    assert played.workflow()["wake"] == wake + 1


def test_submitting_hands_the_ladder_to_the_approver(played: Played) -> None:
    played.day = DUE
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)  # the committee has until 25/06
    live_until(played, date(2024, 6, 28))
    assert rungs(played) == ["A", "A+1", "A+3"]


def test_a_new_due_date_starts_the_ladder_anew(played: Played) -> None:
    live_until(played, DUE)
    played.day = DUE
    played.act(OFFICER, "grant-extension", "ke-hoach", payload={"until": "2024-06-27"})
    live_until(played, date(2024, 6, 27))
    assert rungs(played) == ["D-7", "D-3", "D-1", "D", "D-3", "D-1", "D"]


def test_nothing_is_sent_for_what_is_finished(played: Played) -> None:
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    played.act(MEMBER, "approve", "ke-hoach")
    live_until(played, DUE + timedelta(days=2))
    assert rungs(played) == []


def test_reminders_fall_on_working_days_only(played: Played) -> None:
    holiday = WorkCalendar(off=frozenset({date(2024, 6, 19)}))
    sweep(played.db, now=at(date(2024, 6, 18), 7), calendar=holiday)
    sweep(played.db, now=at(date(2024, 6, 18), 8), calendar=holiday)
    assert rungs(played)[-1] == "D-1"  # the day before is off, so its reminder came on the 18th


def with_ladder(ladder: tuple[Rung, ...] | None) -> PlanDefinition:
    """The festival whose first step has a ladder of its own."""
    plan = festival()
    task = plan.key_tasks[0]
    flow = task.workflows[0]
    steps = tuple(replace(s, ladder=ladder) if s.code == "ke-hoach" else s for s in flow.steps)
    return replace(plan, key_tasks=(replace(task, workflows=(replace(flow, steps=steps),)),))


def test_a_step_is_reminded_of_by_its_own_ladder(db: Database) -> None:
    own = (rung(At("D", -2)), rung(At("D", 2, working_days=False), "head"), rung(At("A"), repeat_days=2))
    played = Played(db, definition=with_ladder(own))
    live_until(played, DUE + timedelta(days=4))  # two days later is a Saturday
    assert rungs(played) == ["D-2", "D+2d-head"]
    played.act(OFFICER, "submit", "ke-hoach", payload=NUMBERED)
    live_until(played, date(2024, 7, 2))
    assert rungs(played) == ["D-2", "D+2d-head", "A", "A/1", "A/2"]
    assert violations(db, now=at(played.day - timedelta(days=1), 18, 30), calendar=CALENDAR) == []


def test_a_step_with_an_empty_ladder_still_becomes_overdue_in_silence(db: Database) -> None:
    played = Played(db, definition=with_ladder(()))
    live_until(played, DUE)
    result = sweep(played.db, now=at(DUE + timedelta(days=1), 0, 5), calendar=CALENDAR)
    assert result.overdue == [played.step("ke-hoach")["id"]]
    assert rungs(played) == []
