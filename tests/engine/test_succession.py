"""A plan after a change of units: successors stand where units ended, and doing it twice is doing it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.definition import ApprovalLink, Text, UnitName
from engine.succession import group_after, heir, succeeded
from engine.units import ChangeKind, ChangePart, Share, UnitChange, UnitDefinition
from tests.factories import AGENCY, COMMITTEE, festival, step

DAY = date(2024, 7, 1)


def new(code: str) -> UnitDefinition:
    return UnitDefinition(code, (UnitName(Text(code), Text(code), DAY),))


def change(*parts: ChangePart, begins: tuple[str, ...] = ()) -> UnitChange:
    return UnitChange(DAY, "Nghị quyết 1", parts, tuple(map(new, begins)))


def end(unit: str, *into: Share | str) -> ChangePart:
    return ChangePart(ChangeKind.END, (unit,), tuple(s if isinstance(s, Share) else Share(s) for s in into))


MERGER = ChangePart(ChangeKind.MERGE, ("huyen-01", "huyen-02"), (Share("khu-vuc"),))
SPLIT = ChangePart(ChangeKind.SPLIT, ("mttq",), (Share("so-noi-vu"), Share("moi", ("NV4/ngay-hoi/so-bo",))))


def test_a_merger_gives_all_places_in_a_group_to_one_unit() -> None:
    after = succeeded(festival(3), change(MERGER, begins=("khu-vuc",)))
    assert after.group("cap-huyen").units == ("khu-vuc", "huyen-03")
    assert after.unit("huyen-01").ends_on == DAY
    assert not after.unit("khu-vuc").exists_on(date(2024, 6, 30))
    assert after.unit("khu-vuc").exists_on(DAY)


def test_a_unit_into_which_others_merge_stays() -> None:
    into_one = ChangePart(ChangeKind.MERGE, ("huyen-01", "huyen-02"), (Share("huyen-01"),))
    assert into_one.ending == ("huyen-02",)
    after = succeeded(festival(3), change(into_one))
    assert after.unit("huyen-01").ends_on is None
    assert after.group("cap-huyen").units == ("huyen-01", "huyen-03")


def test_a_split_gives_the_named_step_to_its_part_and_all_else_to_the_default() -> None:
    after = succeeded(festival(3), change(SPLIT, begins=("moi",)))
    workflow = after.key_tasks[0].workflows[0]
    assert workflow.step("so-bo").lead == "moi"
    assert workflow.step("gop-y").coordinating == ("so-noi-vu", "moi")
    assert next(link.units for link in workflow.step("quyet-dinh").approve or ()) == (AGENCY, "so-noi-vu")


def test_two_approvers_that_become_one_are_asked_once() -> None:
    plan = festival(3)
    workflow = plan.key_tasks[0].workflows[0]
    both = step("ky", lead="huyen-03", approve=(ApprovalLink(("mttq", "so-noi-vu")),))
    plan = replace(plan, plan_workflows=(replace(workflow, code="rieng", steps=(both,)),))
    after = succeeded(plan, change(end("mttq", "so-noi-vu")))
    assert after.plan_workflows[0].step("ky").approve == (ApprovalLink(("so-noi-vu",)),)


def test_the_bodies_of_the_plan_follow() -> None:
    after = succeeded(festival(3), change(end(AGENCY, "moi"), begins=("moi",)))
    assert (after.standing_agency, after.steering_committee) == ("moi", COMMITTEE)
    assert after.key_tasks[0].lead == after.key_tasks[0].workflows[0].lead == "moi"


def test_a_renamed_unit_bears_each_name_in_its_time() -> None:
    name = UnitName(Text("UBND tỉnh Đồng Nai"), Text("UBND tỉnh"), DAY)
    after = succeeded(festival(3), change(ChangePart(ChangeKind.RENAME, (AGENCY,), name=name)))
    unit = after.unit(AGENCY)
    assert unit.name_on(date(2024, 6, 30)).name.vi == AGENCY
    assert unit.name_on(DAY).name.vi == "UBND tỉnh Đồng Nai"
    assert unit.ends_on is None


@pytest.mark.parametrize("parts", [(MERGER,), (SPLIT,), (end(AGENCY, "moi"),)])
def test_twice_is_once(parts: tuple[ChangePart, ...]) -> None:
    what = change(*parts, begins=("khu-vuc", "moi"))
    once = succeeded(festival(3), what)
    assert succeeded(once, what) == once


def test_the_heir_is_looked_for_until_one_exists() -> None:
    first = change(end("huyen-01", "huyen-02"))
    later = UnitChange(date(2024, 9, 1), "Nghị quyết 2", (end("huyen-02", "huyen-03"),))
    plan = succeeded(succeeded(festival(3), first), later)
    days = (date(2024, 6, 30), DAY, date(2024, 9, 1))
    assert [heir(plan, "huyen-01", day) for day in days] == ["huyen-01", "huyen-02", "huyen-03"]


def test_one_running_step_may_go_elsewhere() -> None:
    what = change(end("huyen-01", "huyen-02", Share("huyen-03", ("#7", "NV4/ngay-hoi/bao-cao"))))
    assert what.lead_after("huyen-01", "NV4/ngay-hoi/to-chuc", 6) == "huyen-02"
    assert what.lead_after("huyen-01", "NV4/ngay-hoi/to-chuc", 7) == "huyen-03"
    assert what.lead_after("huyen-01", "NV4/ngay-hoi/bao-cao", 8) == "huyen-03"
    assert what.lead_after("mttq", "NV4/ngay-hoi/bao-cao", 8) == "mttq"
    assert group_after(("mttq", "huyen-01"), what) == ("mttq", "huyen-02", "huyen-03")
