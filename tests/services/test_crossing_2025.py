"""Plan 222 crosses 01/07/2025 with the festival of 2025 running: nothing is lost, and every day has its own names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from engine.access import SYSTEM, Actor, Membership
from engine.definition import PlanDefinition
from models.database import Database
from models.tables import step, unit, workflow
from plans.reader import read_pack
from services.act import act
from services.invariants import violations
from services.open_cycles import open_cycles
from services.open_due import open_all_due
from services.publish import publish
from services.queries.ledger import step_ledger
from services.queries.units import unit_names
from services.sweep import sweep
from services.unit_settle import settle_units
from services.verify_journal import verify
from tests.databases import sqlite_database
from tests.factories import OFFICER, at
from wiring.calendar import build_calendar
from wiring.settings import CHECKOUT

OPENED, EVE, DAY = date(2025, 6, 10), date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(scope="module")
def festival_alone() -> PlanDefinition:
    """The pack as it ships, but for the other key tasks and the years before."""
    plan = read_pack(CHECKOUT / "plans" / "222-kh-ubnd", build_calendar)
    nv4 = next(task for task in plan.key_tasks if task.code == "NV4")
    festival = replace(nv4.workflows[0], starts_on=date(2025, 1, 1))
    return replace(plan, key_tasks=(replace(nv4, workflows=(festival,)),), plan_workflows=())


@pytest.fixture
def crossing(tmp_path: Any, festival_alone: PlanDefinition) -> Iterator[Database]:
    """The festival of 2025 runs: its plan is out, the districts have theirs to issue."""
    with sqlite_database(tmp_path) as db:
        calendar = build_calendar(festival_alone.calendar)
        publish(db, festival_alone, now=at(OPENED), actor=SYSTEM)
        assert len(open_cycles(db, now=at(OPENED), calendar=calendar)) == 1
        do(db, OFFICER, "submit", "ke-hoach", "", OPENED, {"evidence": {"ke-hoach": {"number": "12/KH-BCĐ", "date": "2025-06-10"}}})
        do(db, of("ban-chi-dao"), "approve", "ke-hoach", "", OPENED)
        yield db


def of(*units: str) -> Actor:
    return Actor(500, "người thử", tuple(Membership(u) for u in units))


def do(db: Database, who: Actor, action: str, code: str, slot: str, day: date, payload: dict[str, Any] | None = None) -> None:
    act(
        db, actor=who, step_id=row(db, code, slot)["id"], action=action, payload=payload or {}, now=at(day), calendar=build_calendar()
    )  # fmt: skip


def row(db: Database, code: str, slot: str = "") -> Any:
    with db.read() as connection:
        return connection.execute(select(step).where(step.c.code == code, step.c.slot == slot)).mappings().one()


def counts(db: Database) -> Counter[tuple[str, str]]:
    with db.read() as connection:
        return Counter((r.code, r.status) for r in connection.execute(select(step.c.code, step.c.status)))


def test_eleven_slots_run_on_and_nothing_is_lost(crossing: Database) -> None:
    before = counts(crossing)
    with crossing.read() as connection:
        joins = connection.execute(select(workflow.c.counts)).scalar_one()
    assert settle_units(crossing, now=at(DAY, 0, 5)) == 11 * 4
    assert counts(crossing) == before
    with crossing.read() as connection:
        assert connection.execute(select(workflow.c.counts)).scalar_one() == joins
        slots = connection.execute(select(step.c.slot, step.c.lead).where(step.c.code == "bao-cao")).all()
        gone = set(connection.execute(select(unit.c.code).where(unit.c.ends_on <= DAY)).scalars())
    assert {slot for slot, _ in slots} == gone
    assert len({lead for _, lead in slots}) == 11
    assert not {lead for _, lead in slots} & gone
    assert dict(tuple(each) for each in slots)["bu-dop"] == "xa-thien-hung"


def test_it_goes_on_to_the_end_of_the_chain_under_the_successors(crossing: Database) -> None:
    settle_units(crossing, now=at(DAY, 0, 5))
    plan = {"evidence": {"ke-hoach": {"number": "3/KH", "date": "2025-07-02"}}}
    do(crossing, of("xa-loc-ninh"), "submit", "ke-hoach-don-vi", "loc-ninh", date(2025, 7, 2), plan)
    do(crossing, OFFICER, "approve", "ke-hoach-don-vi", "loc-ninh", date(2025, 7, 3))
    assert row(crossing, "san-sang", "loc-ninh")["status"] == "open"
    assert row(crossing, "san-sang", "loc-ninh")["clock_holder"] == "xa-loc-ninh"
    now, calendar = at(date(2025, 7, 4)), build_calendar()
    open_all_due(crossing, now=now, calendar=calendar)
    sweep(crossing, now=now, calendar=calendar)
    assert violations(crossing, now=now, calendar=calendar) == []
    assert verify(crossing).faults == ()


def test_late_days_are_the_districts_until_june_and_the_wards_from_july(crossing: Database) -> None:
    found = row(crossing, "ke-hoach-don-vi", "bu-dop")
    with crossing.write() as connection:  # as if due two weeks before the change
        connection.execute(
            step.update().where(step.c.id == found["id"]).values(due_on=date(2025, 6, 20), original_due_on=date(2025, 6, 20))
        )
    settle_units(crossing, now=at(DAY, 0, 5))
    ledger = step_ledger(crossing, OFFICER, found["id"], at(date(2025, 7, 5)))
    assert {share.holder: share.days for share in ledger.shares} == {"bu-dop": 10, "xa-thien-hung": 5}


def test_names_are_those_of_the_day(crossing: Database) -> None:
    settle_units(crossing, now=at(DAY, 0, 5))
    old, new = unit_names(crossing, EVE), unit_names(crossing, DAY)
    assert old.name("ubnd-tinh").vi == "UBND tỉnh Bình Phước"
    assert new.name("ubnd-tinh").vi == "UBND tỉnh Đồng Nai"
    assert new.name("cong-an-tinh").vi == "Công an tỉnh Đồng Nai"
    assert new.name("loc-ninh").vi == "UBND huyện Lộc Ninh"
    assert new.name("xa-loc-ninh").vi == "UBND xã Lộc Ninh"
