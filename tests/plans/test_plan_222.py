"""The shipped pack of Plan 222/KH-UBND, against its announcement and the calendar."""

from datetime import date
from functools import reduce
from pathlib import Path

import pytest

from engine.cycles import cycles
from engine.schedule import plan_steps
from engine.succession import group_after, succeeded
from plans.reader import check_pack
from wiring.calendar import build_calendar

PACK = Path(__file__).parents[2] / "plans" / "222-kh-ubnd"
GOLDEN = Path(__file__).parent / "plan_222.txt"


@pytest.fixture(scope="module")
def read():
    return check_pack(PACK, build_calendar)


@pytest.fixture(scope="module")
def plan(read):
    assert read[0] is not None
    return read[0]


def planned(plan, workflow, cycle):
    """The steps of ``cycle``, with groups as they are when it opens."""

    def members(code):
        later = [change for change in plan.unit_changes if change.on <= cycle.opens_on]
        return reduce(group_after, later, plan.group(code).units)

    return plan_steps(workflow, plan, cycle, build_calendar(plan.calendar), members)


def test_it_has_neither_errors_nor_warnings(read):
    assert read[1] == []


def test_from_july_2025_each_district_has_a_successor_and_the_province_another_name(plan):
    (change,) = plan.unit_changes
    assert change.on == date(2025, 7, 1)
    assert list(change.heirs) == list(plan.group("cap-huyen").units)
    after = succeeded(plan, change)
    assert [change.heirs[unit][0].unit for unit in plan.group("cap-huyen").units] == list(after.group("cap-huyen").units)
    province = after.unit("ubnd-tinh")
    names = [province.name_on(day).name.vi for day in (date(2025, 6, 30), date(2025, 7, 1))]
    assert names == ["UBND tỉnh Bình Phước", "UBND tỉnh Đồng Nai"]
    assert province.official_code == "75"
    assert not any(after.unit(code).exists_on(change.on) for code in plan.group("cap-huyen").units)


def test_every_key_task_quotes_the_announcement_word_for_word(plan):
    announcement = (PACK / "source.txt").read_text(encoding="utf-8")
    assert [task.code for task in plan.key_tasks] == [f"NV{n}" for n in range(1, 8)]
    places = [announcement.find(task.source) for task in plan.key_tasks]
    assert -1 not in places
    assert places == sorted(places)


def test_cycles_and_steps_are_those_written_down(plan):
    lines = []
    for key_task, workflow in plan.workflows():
        found = [(cycle, planned(plan, workflow, cycle)) for cycle in cycles(workflow, plan)]
        total = sum(len(steps) for _, steps in found)
        lines.append(
            f"{key_task or '-'} {workflow.code} · {workflow.every} · {found[0][0].code}..{found[-1][0].code}: "
            f"{len(found)} × {len(workflow.steps)} = {total}"
        )
        for step in workflow.steps:
            who = step.lead or f"[{step.for_each}]"
            after = ", ".join(p.step for p in step.after)
            lines.append(f"    {step.code}: {who} · {step.due.text} {step.shift}" + (f" · after {after}" if after else ""))
    assert "\n".join(lines) + "\n" == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("year", "step", "due"),
    [
        ("2023", "kiem-tra", date(2023, 8, 11)),  # 12/08/2023 is a Saturday
        ("2024", "san-sang", date(2024, 7, 19)),
        ("2025", "san-sang", date(2025, 7, 18)),
        *((year, "bao-cao", date(int(year), 8, 29)) for year in ("2022", "2023", "2024", "2025")),
        *((year, "to-chuc", date(int(year), 8, 19)) for year in ("2022", "2023", "2024", "2025")),
    ],
)
def test_the_festival_is_planned_backward_from_19_august(plan, year, step, due):
    workflow = plan.key_tasks[3].workflows[0]
    cycle = next(c for c in cycles(workflow, plan) if c.code == year)
    assert {s.due_on for s in planned(plan, workflow, cycle) if s.code == step} == {due}


def test_festival_steps_due_before_the_plan_was_issued_are_not_applicable(plan):
    workflow = plan.key_tasks[3].workflows[0]
    steps = planned(plan, workflow, cycles(workflow, plan)[0])
    assert {s.code for s in steps if s.not_applicable} == {"ke-hoach", "ke-hoach-don-vi", "san-sang"}


def test_districts_stand_in_the_order_of_their_official_codes(plan):
    units = [plan.unit(code) for code in plan.group("cap-huyen").units]
    assert [u.official_code for u in units] == [str(code) for code in range(688, 699)]
    chon_thanh = plan.unit("chon-thanh")
    assert [chon_thanh.name_on(day).type for day in (date(2022, 9, 30), date(2022, 10, 1))] == ["huyện", "thị xã"]


def test_every_step_is_told_in_both_languages_and_marked_as_ours(plan):
    for _, workflow in plan.workflows():
        for step in workflow.steps:
            assert step.title.en and step.ask.vi and step.ask.en, step.code
            assert "due" in step.defaults, step.code
            assert all(e.title.en for e in step.evidence) and all(f.title.en for f in step.figures), step.code


def test_a_half_year_report_runs_through_two_approvals(plan):
    workflow = plan.plan_workflows[0]
    assert [link.units for link in workflow.steps[0].approve] == [("ban-chi-dao",), ("ubnd-tinh",)]
    dues = [s.due_on for c in cycles(workflow, plan) for s in planned(plan, workflow, c)]
    assert dues == [date(2022, 6, 14), date(2023, 6, 14), date(2024, 6, 14), date(2025, 6, 13)]
