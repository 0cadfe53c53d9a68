"""Workflows come into being when their cycle opens, once, with every date that is known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Table, func, select, text

from engine.access import SYSTEM
from engine.errors import Refused
from models.database import Database
from models.tables import notice, participation, step, workflow
from plans.reader import read_pack
from services.flow_view import flow_view
from services.open_cycles import open_cycles
from services.open_due import open_all_due, open_due
from services.publish import publish
from services.verify_journal import verify
from services.wakes import dirty, live, next_generation, record_woken
from tests.factories import CALENDAR, OFFICER, at, district, festival
from tests.services.played import Played
from tests.services.test_act import through_plan
from wiring.calendar import build_calendar
from wiring.settings import CHECKOUT


def count(db: Database, table: Table) -> int:
    with db.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_cycle_opens_once(db: Database) -> None:
    played = Played(db)
    assert open_cycles(db, now=at(played.day), calendar=CALENDAR) == []
    assert count(db, workflow) == 1
    assert count(db, step) == len(festival().key_tasks[0].workflows[0].steps) + 4 * 2


def test_sqlite_has_seen_the_steps_of_a_plan_on_its_first_day(sqlite: Database) -> None:
    Played(sqlite, definition=festival(30))
    with sqlite.read() as connection:
        told = connection.execute(text("SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_step_plan_id'")).scalar_one()
    assert told.split()[0] == str(count(sqlite, step))


def test_publishing_twice_is_refused(db: Database) -> None:
    Played(db)
    with pytest.raises(Refused):
        publish(db, festival(), now=at(date(2024, 5, 3)), actor=SYSTEM)


def test_a_first_step_is_open_and_one_notice_says_so(db: Database) -> None:
    played = Played(db)
    assert played.status("ke-hoach") == "open" and played.status("gop-y", "huyen-02") == "open"
    assert played.status("bao-cao", "huyen-01") == "waiting"
    with db.read() as connection:
        kinds = connection.execute(select(notice.c.step_code, notice.c.step_id).where(notice.c.kind == "assigned")).all()
    assert sorted((code or "", bool(id_)) for code, id_ in kinds) == [("", True), ("gop-y", False)]


def test_a_step_opens_when_its_day_has_come(db: Database) -> None:
    played = Played(db)
    through_plan(played)
    played.act(district(1), "submit", "ke-hoach-huyen", "huyen-01")
    played.act(OFFICER, "approve", "ke-hoach-huyen", "huyen-01")
    eve, day = date(2024, 8, 3), date(2024, 8, 4)  # T-15
    assert open_due(db, played.workflow_id, now=at(eve), calendar=CALENDAR) == []
    assert len(open_all_due(db, now=at(day, 0, 5), calendar=CALENDAR)) == 1
    assert played.status("to-chuc", "huyen-01") == "open" and played.status("to-chuc", "huyen-02") == "waiting"
    assert open_all_due(db, now=at(day, 0, 6), calendar=CALENDAR) == []


def test_whoever_takes_part_may_read(db: Database) -> None:
    played = Played(db)
    with db.read() as connection:
        rows = connection.execute(
            select(participation.c.unit, participation.c.relation).where(participation.c.step_id == played.step("gop-y", "huyen-01")["id"])
        )
        found = {tuple(r) for r in rows}
    assert found == {("huyen-01", "lead"), ("mttq", "coordinating")}


def test_the_whole_of_plan_222_opens_and_its_journal_holds(sqlite: Database) -> None:
    definition = read_pack(CHECKOUT / "plans" / "222-kh-ubnd", build_calendar)
    calendar = build_calendar(definition.calendar)
    publish(sqlite, definition, now=at(date(2022, 7, 28)), actor=SYSTEM)
    day = date(2022, 7, 28)
    while day <= date(2025, 12, 31):
        open_cycles(sqlite, now=at(day, 0, 5), calendar=calendar)
        day += timedelta(days=7)
    with sqlite.read() as connection:
        tasks = set(connection.execute(select(workflow.c.key_task)).scalars())
        early = connection.execute(
            select(func.count()).where(step.c.due_on < date(2022, 7, 28), step.c.status != "not-applicable")
        ).scalar_one()
    assert tasks == {"", *(f"NV{n}" for n in range(1, 8))}
    assert early == 0  # what lies before the date of issue is not applicable, never born overdue
    assert verify(sqlite).faults == ()


def test_a_wake_is_noted_with_the_value_read_before_it(db: Database) -> None:
    played = Played(db)
    found = dirty(db)[0]
    played.act(OFFICER, "accept", "ke-hoach")  # something happens while the run is being woken
    record_woken(db, found.workflow_id, found.wake, at(played.day).system)
    assert [d.workflow_id for d in dirty(db)] == [played.workflow_id]
    record_woken(db, played.workflow_id, dirty(db)[0].wake, at(played.day).system)
    assert dirty(db) == [] and [d.workflow_id for d in live(db)] == [played.workflow_id]
    assert next_generation(db, played.workflow_id) == 1


def test_what_a_supervisor_reads_in_prefect(db: Database) -> None:
    played = Played(db)
    through_plan(played)
    view = flow_view(db, played.workflow_id, now=at(date(2024, 5, 20)))
    assert view is not None
    assert view.name == "NV4 · 2024 · Ngày hội"
    assert view.state_name == "Chờ 3 đơn vị · quá hạn 3"
    assert {"NV4", "2024", "overdue"} <= set(view.tags)
    shown = {(s.code, s.unit): (s.mirror, s.state_name) for s in view.steps}
    assert shown["ke-hoach", "cong-an-tinh"] == ("completed", "Đã duyệt")
    assert shown["ke-hoach-huyen", "huyen-01"] == ("running", "Quá hạn")
    assert ("tong-hop", "cong-an-tinh") not in shown
