"""What a passed step lets open: in one statement, each with its own date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from benchmarks.counting import counted
from engine.definition import PlanDefinition, StepDefinition
from models.database import Database
from models.tables import deadline, notice
from services.act import act
from tests.factories import CALENDAR, COMMITTEE, MEMBER, at, festival, step
from tests.services.played import Played


def plan_of(*steps: StepDefinition) -> PlanDefinition:
    """The festival's plan with other steps."""
    plan = festival()
    (task,) = plan.key_tasks
    return replace(plan, key_tasks=(replace(task, workflows=(replace(task.workflows[0], steps=steps),)),))


@pytest.fixture
def branching(db: Database) -> Played:
    """One step that nobody confirms, and four that follow it: by +5 and +10 working days, on a day, and for each unit."""
    return Played(
        db,
        definition=plan_of(
            step("dau", lead=COMMITTEE),
            step("nam", due="+5wd", after=("dau",)),
            step("muoi", due="+10wd", after=("dau",), lead="mttq"),
            step("ngay", due="31/07", after=("dau",)),
            step("huyen", due="+5wd", after=("dau",), for_each="cap-huyen"),
            step("cho", after=("nam",)),
        ),
    )


def test_each_successor_opens_with_its_own_date(branching: Played) -> None:
    branching.act(MEMBER, "submit", "dau")
    dates = {code: branching.step(code)["due_on"] for code in ("nam", "muoi", "ngay")}
    assert dates == {"nam": date(2024, 5, 9), "muoi": date(2024, 5, 16), "ngay": date(2024, 7, 31)}
    assert {branching.step("huyen", f"huyen-{n:02}")["due_on"] for n in (1, 2, 3)} == {date(2024, 5, 9)}
    assert [branching.status(code) for code in ("nam", "muoi", "ngay", "cho")] == ["open", "open", "open", "waiting"]


def test_only_dates_that_became_known_enter_the_ledger(branching: Played) -> None:
    branching.act(MEMBER, "submit", "dau")
    with branching.db.read() as connection:
        kinds = {
            code: connection.execute(select(deadline.c.kind).where(deadline.c.step_id == branching.step(code)["id"])).scalars().all()
            for code in ("nam", "ngay")
        }
    assert kinds == {"nam": ["opened"], "ngay": ["original"]}
    assert (branching.step("nam")["due_version"], branching.step("ngay")["due_version"]) == (2, 1)


def test_a_whole_fan_out_is_one_notice_and_a_single_step_another(branching: Played) -> None:
    result = branching.act(MEMBER, "submit", "dau")
    assert [f.get("count") for f in result.facts if f["kind"] == "step.opened"] == [None, None, None, 3]
    with branching.db.read() as connection:
        found = connection.execute(select(notice.c.step_id, notice.c.step_code).where(notice.c.kind == "assigned", notice.c.seq == 2)).all()
    assert sorted(code or "" for _, code in found) == ["", "", "", "huyen"]


def test_four_successors_cost_no_more_than_one(branching: Played) -> None:
    """The dearest action there is: nobody confirms it, so a round and the opening fall together. One above the usual."""
    branching.act(MEMBER, "comment", "dau", payload={"text": "đọc định nghĩa"})
    step_id = branching.step("dau")["id"]
    with counted(branching.db) as found:
        act(branching.db, actor=MEMBER, step_id=step_id, action="submit", now=at(branching.day), calendar=CALENDAR)
    assert len(found.statements) == 9
