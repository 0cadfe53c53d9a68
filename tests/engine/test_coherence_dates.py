"""What coherence says of dates, of the plan itself, and of whatever is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.coherence import check
from engine.cycles import cycles
from engine.dates import parse_rule
from engine.definition import (
    ApprovalLink,
    CalendarOverride,
    Every,
    GroupDefinition,
    Join,
    JoinKind,
    KeyTaskDefinition,
    Predecessor,
    Text,
    UnitName,
    Window,
)
from engine.schedule import plan_steps
from tests.engine.definitions import DISTRICTS, festival, plan, step, unit, workflow
from tests.engine.test_coherence import STEPS, only, problems, told
from wiring.calendar import build_calendar

CALENDAR = build_calendar()


def test_due_before_the_predecessor_in_every_cycle_is_an_error():
    problem = only(problems(workflow(step("a", "30/06"), step("b", "31/03", after="a"))))
    assert told(problem) == (f"{STEPS}[1].after[0]", "due-before-predecessor", "error")
    assert "31/03/2023" in problem.message.vi and "30/06/2023" in problem.message.vi


def test_due_before_the_predecessor_in_some_cycles_is_a_warning_that_names_them():
    """In 2023 the lunar new year lies between 15/01 and 31/01: seven working days do not fit."""
    problem = only(problems(workflow(step("a", "15/01"), step("b", "+7wd", after="a"), step("c", "31/01", after="b"))))
    assert told(problem) == (f"{STEPS}[2].after[0]", "due-before-predecessor", "warning")
    assert "2023" in problem.message.vi and "2024" not in problem.message.vi.partition("(chu kỳ")[2]


def test_a_soft_predecessor_due_later_is_only_a_warning():
    soft = replace(step("b", "31/03"), after=(Predecessor("a", soft=True),))
    assert only(problems(workflow(step("a", "30/06"), soft))).severity == "warning"


def test_a_predecessor_without_a_deadline_passes_on_the_dates_before_it():
    found = problems(workflow(step("a", "30/06"), step("b", "none", after="a"), step("c", "31/03", after="b")))
    assert told(only(found))[:2] == (f"{STEPS}[2].after[0]", "due-before-predecessor")


def test_what_is_not_applicable_in_a_cycle_clashes_with_nothing_there():
    assert problems(workflow(step("a", "30/06"), step("b", "31/07", after="a")), tracked_from=date(2022, 7, 28)) == []


def test_due_on_the_day_of_its_predecessor_or_of_its_opening_is_fine():
    window = Window(parse_rule("30/06"), parse_rule("30/06"), parse_rule("30/06"))
    assert problems(workflow(step("a", "30/06"), step("b", "30/06", after="a", window=window), opens="30/06")) == []


def test_due_before_it_opens():
    late = only(problems(workflow(step("a", "31/03"), opens="30/06")))
    assert told(late) == (f"{STEPS}[0].due", "due-before-opening", "error")
    held = only(problems(workflow(step("a", "31/03", not_before=parse_rule("01/06")))))
    assert told(held) == (f"{STEPS}[0].not_before", "due-before-opening", "error")


@pytest.mark.parametrize(
    ("window", "due", "key", "code"),
    [
        (Window(parse_rule("T"), parse_rule("T-9")), "none", "window.to", "window-reversed"),
        (Window(parse_rule("T-9"), parse_rule("T")), "T-30", "window.from", "window-outside"),
        (Window(parse_rule("T-9"), parse_rule("T")), "T-5", "window.to", "window-outside"),
        (Window(parse_rule("T-9"), parse_rule("T"), parse_rule("T+3")), "none", "window.choose_by", "choose-by-late"),
    ],
)
def test_windows_fit(window, due, key, code):
    found = problems(workflow(step("a", due, window=window), anchor="19/08", opens="T-75"))
    assert (f"{STEPS}[0].{key}", code, "error") in [told(p) for p in found]


@pytest.mark.parametrize(
    ("due", "every", "code", "hint"),
    [
        ("T-7", Every.YEAR, "no-anchor", "anchor: 19/08"),
        ("quarter-end-month/14", Every.MONTH, "period-misfit", "month-end-month/14"),
        ("year-end-month/05", Every.HALF_YEAR, "period-misfit", "half-year-end-month/05"),
        ("quarter-end-month/14", Every.ONCE, "period-misfit", "30/06/2024"),
        ("30/06/2024", Every.YEAR, "year-in-recurring", "30/06"),
        ("31/01", Every.QUARTER, "day-in-short-cycle", "quarter-end-month/31"),
    ],
)
def test_a_rule_fits_the_cycle_it_stands_in(due, every, code, hint):
    problem = only(problems(workflow(step("a", due), every=every)))
    assert told(problem) == (f"{STEPS}[0].due", code, "error")
    assert hint in problem.hint.vi and hint in problem.hint.en


def test_a_day_without_a_year_in_what_is_done_once_is_read_aloud():
    problem = only(problems(workflow(step("a", "30/09"), every=Every.ONCE)))
    assert told(problem) == (f"{STEPS}[0].due", "year-missing", "warning")
    assert "30/09/2022" in problem.hint.vi


@pytest.mark.parametrize("rule", ["+7wd", "none"])
def test_what_names_no_day_by_itself_stands_only_where_a_step_is_due(rule):
    window = Window(parse_rule(rule), parse_rule("T"), parse_rule(rule))
    definition = workflow(step("a", window=window, not_before=parse_rule(rule)), anchor=rule, opens=rule)
    found = [p.path.removeprefix("key_tasks[0].workflows[0].") for p in problems(definition) if p.code == "rule-kind"]
    assert found == ["anchor", "opens", "steps[0].not_before", "steps[0].window.from", "steps[0].window.choose_by"]


def test_a_workflow_that_never_opens():
    task = only(problems(workflow(step("a", "31/12/2029"), every=Every.ONCE, opens="01/01/2029")))
    assert told(task) == ("key_tasks[0].workflows[0].opens", "never-opens", "error")


def test_two_cycles_under_one_name():
    definition = workflow(step("a", "T"), every=Every.QUARTER, anchor="quarter-end-month/31", opens="T-90")
    assert [told(p)[:2] for p in problems(definition)] == [("key_tasks[0].workflows[0].opens", "cycle-clash")]


# --- the plan, its units and groups


@pytest.mark.parametrize(
    ("fields", "path", "code"),
    [
        ({"to": date(2022, 1, 1), "issued_on": date(2021, 1, 1), "tracked_from": date(2021, 1, 1)}, "plan.to", "period-reversed"),
        ({"to": date(2099, 1, 1)}, "plan.to", "period-too-long"),
        ({"issued_on": date(2026, 1, 1)}, "plan.issued_on", "issued-after-end"),
        ({"tracked_from": date(2026, 1, 1)}, "plan.tracked_from", "tracked-after-end"),
        ({"issued_on": date(202, 7, 28)}, "plan.issued_on", "bad-year"),
        ({"key_tasks": ()}, "key_tasks", "no-key-tasks"),
        ({"key_tasks": (KeyTaskDefinition("NV1", Text("x"), "x", "cong-an-tinh", ()),)}, "key_tasks[0].workflows", "no-workflows"),
        (
            {"key_tasks": (KeyTaskDefinition("NV1", Text("x"), "x", "cong-an-tinh", (workflow(),)),)},
            "key_tasks[0].workflows[0].steps",
            "no-steps",
        ),
        ({"groups": (GroupDefinition("cap-huyen", Text("x"), ()),)}, "groups[0].units", "empty-group"),
        ({"units": (*plan().units, unit("x", names=()))}, "units[7].names", "no-name"),
        ({"units": (*plan().units, unit("x", ends_on=date(1999, 1, 1)))}, "units[7].ends_on", "period-reversed"),
        ({"units": (*plan().units, unit("x", parent="y"), unit("y", parent="x"))}, "units[7].parent", "cycle"),
        ({"units": (*plan().units, unit("x", "BU-DOP"))}, "units[7].names", "name-clash"),
    ],
)
def test_the_plan_itself(fields: dict[str, Any], path, code):
    assert told(only(problems(**fields))) == (path, code, "error")


def test_a_year_slipped_is_found_at_once_and_costs_no_time():
    found = problems(workflow(step("a", "month-end-month/14"), every=Every.MONTH), to=date(9999, 12, 31))
    assert {p.code for p in found} == {"bad-year", "period-too-long"}


def test_names_follow_each_other():
    names = tuple(UnitName(Text(n), Text(n), date(year, 10, 1)) for n, year in (("Huyện Chơn Thành", 2003), ("Thị xã Chơn Thành", 2003)))
    found = problems(units=(*plan().units, unit("chon-thanh", names=names)))
    assert told(only(found)) == ("units[7].names[1].from", "name-order", "error")


def test_one_name_may_be_borne_one_after_another_and_under_two_parents():
    first = unit("tan-tien-cu", "Tân Tiến", ends_on=date(2025, 7, 1))
    after = unit("tan-tien", names=(UnitName(Text("Tân Tiến"), Text("Tân Tiến"), date(2025, 7, 1)),))
    elsewhere = unit("tan-tien-bd", "Tân Tiến", parent="bu-dop")
    assert problems(units=(*plan().units, first, after, elsewhere)) == []


def test_units_that_ended_before_the_plan_are_pointed_out_in_their_group():
    units = tuple(replace(u, ends_on=date(2021, 1, 1)) if u.code == "bu-dop" else u for u in plan().units)
    assert told(only(problems(units=units))) == ("groups[0].units[1]", "ended-unit", "warning")


def test_units_that_end_while_the_plan_runs_are_named_once_for_their_day():
    units = tuple(replace(u, ends_on=date(2025, 7, 1)) if u.code in DISTRICTS else u for u in plan().units)
    quarterly = workflow(step("a", "quarter-end-month/14", for_each="cap-huyen"), every=Every.QUARTER)
    problem = only(problems(quarterly, festival(), units=units, key_tasks=plan(replace(festival(), code="b"), quarterly).key_tasks))
    assert told(problem) == ("units[4].ends_on", "ended-lead", "warning")
    assert all(code in problem.message.vi for code in DISTRICTS)
    assert problems(festival(), units=units) == []  # all its cycles open before


def test_a_key_task_without_its_source_and_a_day_listed_twice():
    assert told(only(problems(key_tasks=(replace(plan().key_tasks[0], source=" "),)))) == ("key_tasks[0].source", "no-source", "warning")
    days = (CalendarOverride(date(2024, 5, 4), True, "a"), CalendarOverride(date(2024, 5, 4), False, "b"))
    assert told(only(problems(calendar=days))) == ("calendar[1].day", "duplicate-day", "warning")


def test_a_monstrous_workflow_is_refused_without_being_looked_at():
    steps = tuple(step(f"s{i}", after=tuple(f"s{j}" for j in range(max(0, i - 50), i))) for i in range(3000))
    assert [p.code for p in problems(workflow(*steps))] == ["too-many-steps"]


def test_every_problem_is_told_in_both_languages_as_a_sentence():
    bad = workflow(step("a", "T-7", lead="x", approve=(ApprovalLink(()),)), step("b", after="a2", for_each="y"), step("c", after="c"))
    found = problems(bad, to=date(2021, 1, 1), standing_agency="z")
    assert len(found) >= 8
    assert all(p.message.vi.endswith(".") and p.message.en.endswith(".") and p.message.vi != p.message.en for p in found)
    assert all(bool(p.hint.vi) == bool(p.hint.en) for p in found)


RULES = (
    "none",
    "T-60",
    "T",
    "T+10",
    "+7wd",
    "+0wd",
    "31/01",
    "31/01+1y",
    "30/06/2024",
    "quarter-end-month/14",
    "year-end-month/31",
    "issue+30wd",
)
rules = st.sampled_from(RULES)
maybe_rules = st.none() | rules.map(parse_rule)
UNITS = ("cong-an-tinh", "bu-dop", "nobody")


@st.composite
def any_steps(draw):
    codes = draw(st.lists(st.sampled_from("abcdef"), max_size=6))
    return [
        replace(
            step(code, draw(rules), lead=draw(st.sampled_from([None, *UNITS])), for_each=draw(st.sampled_from([None, "cap-huyen", "x"]))),
            after=tuple(Predecessor(p, draw(st.booleans())) for p in draw(st.lists(st.sampled_from("abcdefg"), max_size=2))),
            not_before=draw(maybe_rules),
            window=draw(st.none() | st.builds(Window, rules.map(parse_rule), rules.map(parse_rule), maybe_rules)),
            join=Join(draw(st.sampled_from(JoinKind)), draw(st.integers(-1, 120))),
            approve=draw(
                st.none()
                | st.lists(st.builds(ApprovalLink, st.lists(st.sampled_from(UNITS), max_size=2).map(tuple)), max_size=2).map(tuple)
            ),
        )
        for code in codes
    ]


@settings(deadline=None, max_examples=300)
@given(any_steps(), st.sampled_from(Every), maybe_rules, maybe_rules, st.integers(-900, 2000), st.integers(-900, 900))
def test_whatever_is_written_is_checked_and_what_has_no_error_can_be_planned(steps, every, anchor, opens, length, issued):
    definition = replace(workflow(*steps, every=every), anchor=anchor, opens=opens)
    start = date(2022, 7, 28)
    a_plan = plan(definition, to=start + timedelta(days=length), issued_on=start + timedelta(days=issued))
    found = check(a_plan, CALENDAR)
    if any(p.severity == "error" for p in found):
        return
    all_cycles = cycles(definition, a_plan)
    assert all_cycles and len({c.code for c in all_cycles}) == len(all_cycles)
    for cycle in all_cycles:
        assert len(plan_steps(definition, a_plan, cycle, CALENDAR, lambda group: ("u",))) == len(steps)
