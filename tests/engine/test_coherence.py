"""What hangs together and what does not: each problem with its place, its kind and what would be right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.coherence import Problem, check
from engine.definition import (
    ApprovalLink,
    Evidence,
    Figure,
    GroupDefinition,
    Join,
    JoinKind,
    KeyTaskDefinition,
    Predecessor,
    Text,
    UnitName,
)
from tests.engine.definitions import DISTRICTS, festival, plan, step, unit, workflow
from wiring.calendar import build_calendar

CALENDAR = build_calendar()
STEPS = "key_tasks[0].workflows[0].steps"


def problems(*workflows, **fields) -> list[Problem]:
    return check(plan(*workflows, **fields), CALENDAR)


def only(found: list[Problem]) -> Problem:
    assert len(found) == 1, found
    return found[0]


def told(problem: Problem) -> tuple[str, str, str]:
    return problem.path, problem.code, problem.severity


def test_the_festival_hangs_together():
    assert problems(festival()) == []


# --- who


@pytest.mark.parametrize(
    ("written", "meant"),
    [("so-noi-vuu", "so-noi-vu"), ("Sở Nội vụ", "so-noi-vu"), ("cong_an_tinh", "cong-an-tinh"), ("CA tỉnh Bình Phước", "cong-an-tinh")],
)
def test_an_unknown_lead_is_offered_the_nearest_unit(written, meant):
    units = tuple(
        replace(u, names=(UnitName(Text("Công an tỉnh Bình Phước"), Text("CAT"), date(2000, 1, 1)),)) if u.code == "cong-an-tinh" else u
        for u in plan().units
    )
    problem = only(problems(workflow(step("a", "15/01", lead=written)), units=units))
    assert told(problem) == (f"{STEPS}[0].lead", "unknown-unit", "error")
    assert problem.hint.vi == f"Có phải là “{meant}”?"
    assert written in problem.message.vi and written in problem.message.en


def test_units_are_looked_up_everywhere_they_are_named():
    away = step("a", lead="nobody", coordinating=("nowhere",), approve=(ApprovalLink(("no-one",)),))
    task = KeyTaskDefinition("NV1", Text("x"), "x", "nihil", (replace(workflow(away), lead="nemo"),))
    group = GroupDefinition("cap-huyen", Text("x"), ("nix", *DISTRICTS))
    found = problems(
        key_tasks=(task,),
        groups=(group,),
        standing_agency="nada",
        authority="niente",
        units=(*plan().units, unit("tan-tien", parent="nul")),
    )
    unknown = [p.path for p in found if p.code == "unknown-unit"]
    assert unknown == [
        "plan.standing_agency",
        "plan.authority",
        "units[7].parent",
        "groups[0].units[0]",
        "key_tasks[0].lead",
        "key_tasks[0].workflows[0].lead",
        f"{STEPS}[0].lead",
        f"{STEPS}[0].with[0]",
        f"{STEPS}[0].approve[0]",
    ]


def test_two_leads_and_no_lead():
    two = only(problems(workflow(step("a", lead="ubnd-tinh", for_each="cap-huyen"))))
    assert told(two) == (f"{STEPS}[0].for_each", "two-leads", "error")
    none = only(problems(workflow(step("a", lead=None))))
    assert told(none) == (f"{STEPS}[0]", "no-lead", "error")


def test_a_group_is_not_a_unit_and_a_unit_is_not_a_group():
    group = only(problems(workflow(step("a", lead="cap-huyen"))))
    assert "for_each" in group.hint.en
    one = only(problems(workflow(step("a", for_each="so-noi-vu"))))
    assert (one.code, "lead" in one.hint.en) == ("unknown-group", True)
    near = only(problems(workflow(step("a", for_each="cap-huyện"))))
    assert near.hint.en == "Did you mean “cap-huyen”?"


@pytest.mark.parametrize(
    ("fields", "approver"),
    [
        ({"lead": "ubnd-tinh"}, ApprovalLink(("ubnd-tinh",))),
        ({"lead": "ubnd-tinh"}, ApprovalLink(("ubnd-tinh", "so-noi-vu"), JoinKind.ANY)),
        ({"for_each": "cap-huyen"}, ApprovalLink(("bu-dop",))),
        ({"for_each": "cap-huyen"}, ApprovalLink(("bu-dop", "so-noi-vu"), JoinKind.ALL)),
        ({"for_each": "cap-huyen"}, ApprovalLink(("bu-dop",), JoinKind.ANY)),
    ],
)
def test_nobody_approves_what_they_lead(fields, approver):
    first = ApprovalLink(("ban-chi-dao",))
    problem = only(problems(workflow(step("a", approve=(first, approver), **fields))))
    assert told(problem) == (f"{STEPS}[0].approve[1]", "approver-is-lead", "error")


def test_in_an_any_link_the_others_approve_for_a_member_of_the_group():
    link = ApprovalLink(("bu-dop", "so-noi-vu"), JoinKind.ANY)
    assert problems(workflow(step("a", for_each="cap-huyen", approve=(link,)))) == []


def test_the_standing_agency_is_not_its_own_committee():
    assert told(only(problems(steering_committee="cong-an-tinh"))) == ("plan.steering_committee", "approver-is-lead", "error")


def test_approval_links_are_complete():
    links = (ApprovalLink(()), ApprovalLink(("ubnd-tinh",), JoinKind.PERCENT), ApprovalLink(("ubnd-tinh",), within=0))
    found = [told(p)[:2] for p in problems(workflow(step("a", approve=links)))]
    assert found == [
        (f"{STEPS}[0].approve[0]", "no-approver"),
        (f"{STEPS}[0].approve[1]", "bad-mode"),
        (f"{STEPS}[0].approve[2].within", "bad-within"),
    ]


def test_a_lead_need_not_coordinate_with_itself():
    problem = only(problems(workflow(step("a", coordinating=("so-noi-vu", "cong-an-tinh")))))
    assert told(problem) == (f"{STEPS}[0].with[1]", "lead-coordinates", "warning")


# --- in what order


def test_a_circle_is_named_with_its_path_and_what_waits_for_it_is_unreachable():
    found = problems(
        workflow(step("a", after="c"), step("b", after="a"), step("c", after="b"), step("d", after="c"), step("e", after="d"), step("f"))
    )
    assert [told(p)[:2] for p in found] == [
        (f"{STEPS}[0].after[0]", "cycle"),
        (f"{STEPS}[3].after", "unreachable"),
        (f"{STEPS}[4].after", "unreachable"),
    ]
    assert "a → b → c → a" in found[0].message.vi or "b → c → a → b" in found[0].message.vi or "c → a → b → c" in found[0].message.vi


def test_each_circle_is_found():
    found = problems(workflow(step("a", after="b"), step("b", after="a"), step("c", after="d"), step("d", after="c"), step("e", after="e")))
    assert [p.code for p in found] == ["cycle"] * 3


def test_after_an_unknown_step_nobody_gets_anywhere():
    found = problems(workflow(step("ke-hoach"), step("bao-cao", after="kehoach"), step("tong-hop", after="bao-cao")))
    assert [told(p)[:2] for p in found] == [(f"{STEPS}[1].after[0]", "unknown-step"), (f"{STEPS}[2].after", "unreachable")]
    assert found[0].hint.vi == "Có phải là “ke-hoach”?"
    assert "bao-cao" in found[1].message.vi


def test_an_unknown_soft_predecessor_blocks_nobody():
    soft = replace(step("b"), after=(Predecessor("x", soft=True),))
    assert [p.code for p in problems(workflow(step("a"), soft, step("c", after="b")))] == ["unknown-step"]


def test_codes_are_given_once():
    doubled = step(
        "a",
        evidence=(Evidence("x", Text("x")),) * 2,
        figures=(Figure("n", Text("n")),) * 2,
        after=("b", "b"),
        coordinating=("so-noi-vu",) * 2,
    )
    task = plan(workflow(doubled, step("b"), step("b")), workflow(step("b"))).key_tasks[0]
    group = GroupDefinition("cap-huyen", Text("x"), (*DISTRICTS, "bu-dop"))
    found = problems(
        key_tasks=(task, task),
        plan_workflows=(workflow(step("z")),) * 2,
        groups=(group, group),
        units=(*plan().units, unit("bu-dop", "Bù Đốp 2")),
    )
    paths = {p.path for p in found if p.code == "duplicate-code"}
    where = "key_tasks[0].workflows[0]"
    assert paths >= {
        "units[7].code",
        "groups[1].code",
        "groups[0].units[3]",
        "key_tasks[1].code",
        "key_tasks[0].workflows[1].code",
        "plan_workflows[1].code",
        f"{where}.steps[2].code",
        f"{where}.steps[0].after[1]",
        f"{where}.steps[0].with[1]",
        f"{where}.steps[0].evidence[1].code",
        f"{where}.steps[0].figures[1].code",
    }


@pytest.mark.parametrize(
    ("join", "code", "severity"),
    [
        (Join(JoinKind.PERCENT, 101), "bad-percentage", "error"),
        (Join(JoinKind.PERCENT, 0), "bad-percentage", "error"),
        (Join(JoinKind.COUNT, 0), "bad-count", "error"),
        (Join(JoinKind.COUNT, 4), "unreachable", "error"),
    ],
)
def test_a_join_that_cannot_be_met(join, code, severity):
    problem = only(problems(workflow(step("a", for_each="cap-huyen"), step("b", after="a", join=join))))
    assert told(problem) == (f"{STEPS}[1].join", code, severity)


@pytest.mark.parametrize("before", [{"lead": "ubnd-tinh"}, {"for_each": "cap-huyen"}])
def test_a_join_of_nothing_is_pointed_out(before):
    problem = only(problems(workflow(step("a", **before), step("b", after="a", join=Join(JoinKind.ANY), for_each="cap-huyen"))))
    assert told(problem) == (f"{STEPS}[1].join", "join-of-nothing", "warning")


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        (Figure("n", Text("n"), type="so"), "unknown-type"),
        (Figure("n", Text("n"), min=2, max=1), "bounds-reversed"),
        (Figure("n", Text("n"), type="text", sum=True), "sum-of-text"),
        (Figure("n", Text("n"), type="choice"), "no-choices"),
    ],
)
def test_figures_make_sense(figure, code):
    assert only(problems(workflow(step("a", figures=(figure,))))).code == code
