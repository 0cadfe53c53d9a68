"""The dates of every step when its workflow opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import WorkCalendar
from engine.cycles import cycles
from engine.dates import parse_rule
from engine.definition import Every, Predecessor, Shift
from engine.graph import topological
from engine.schedule import PlannedStep, due_when_opened, plan_steps
from tests.engine.definitions import DISTRICTS, START, festival, plan, step, workflow
from wiring.calendar import build_calendar

CALENDAR = build_calendar()


def planned(definition, cycle: str, **fields) -> dict[str, PlannedStep]:
    """The steps of one cycle by code; of a fan-out its first."""
    a_plan = plan(**fields)
    (found,) = [c for c in cycles(definition, a_plan) if c.code == cycle]
    steps = plan_steps(definition, a_plan, found, CALENDAR, lambda group: DISTRICTS)
    return {s.code: s for s in reversed(steps)}


@pytest.mark.parametrize(
    ("year", "code", "day"),
    [
        ("2023", "kiem-tra", date(2023, 8, 11)),
        ("2024", "san-sang", date(2024, 7, 19)),
        ("2025", "san-sang", date(2025, 7, 18)),
        *((str(year), "bao-cao", date(year, 8, 29)) for year in range(2022, 2026)),
    ],
)
def test_the_festivals_dates(year, code, day):
    assert planned(festival(), year)[code].due_on == day


def test_what_was_due_before_the_plan_was_issued_is_not_applicable():
    steps = planned(festival(), "2022")
    assert [code for code, s in steps.items() if s.not_applicable] == ["san-sang", "ke-hoach-don-vi", "ke-hoach"]
    assert not any(s.prior for s in steps.values())
    assert not any(s.not_applicable for year in ("2023", "2024", "2025") for s in planned(festival(), year).values())


def test_a_fan_out_has_one_step_for_each_unit_in_the_groups_order():
    a_plan = plan()
    steps = plan_steps(festival(), a_plan, cycles(festival(), a_plan)[1], CALENDAR, lambda group: DISTRICTS)
    assert [(s.slot, s.lead) for s in steps if s.code == "bao-cao"] == [(code, code) for code in DISTRICTS]
    assert [(s.slot, s.lead) for s in steps if s.code == "khen-thuong"] == [(None, "ubnd-tinh")]
    assert len(steps) == 3 + 5 * len(DISTRICTS)


def test_a_window_gives_the_due_date_until_a_day_is_chosen_and_does_not_move():
    held = planned(festival(), "2023")["to-chuc"]  # T of 2023 is a Saturday
    assert held.window == (date(2023, 8, 10), date(2023, 8, 19))
    assert (held.due_on, held.choose_by, held.not_before) == (date(2023, 8, 19), date(2023, 7, 26), date(2023, 8, 4))


def test_t_itself_never_moves_whatever_the_pack_says():
    definition = workflow(step("a", "T", shift=Shift.NEXT), step("b", "T+1"), anchor="19/08")
    assert planned(definition, "2023")["a"].due_on == date(2023, 8, 19)
    assert planned(definition, "2023")["b"].due_on == date(2023, 8, 21)


def test_a_date_in_the_lunar_new_year_moves_past_it():
    assert planned(workflow(step("a", "31/01")), "2025")["a"].due_on == date(2025, 2, 3)
    assert planned(workflow(step("a", "31/01", shift=Shift.PREVIOUS)), "2025")["a"].due_on == date(2025, 1, 24)


def test_what_counts_from_opening_is_estimated_from_its_last_predecessor():
    last = planned(festival(), "2024")["tong-hop"]
    assert last.relative and last.due_on is None
    assert last.planned_on == CALENDAR.add(date(2024, 8, 29), 5)


def test_estimates_pass_through_steps_without_a_deadline():
    definition = workflow(step("a", "15/01"), step("b", "none", after="a"), step("c", "+7wd", after="b"))
    steps = planned(definition, "2024")
    assert (steps["b"].due_on, steps["b"].planned_on) == (None, None)
    assert steps["c"].planned_on == CALENDAR.add(date(2024, 1, 15), 7)


def test_after_nothing_but_the_not_applicable_it_counts_from_the_later_of_issue_and_opening():
    definition = workflow(step("a", "15/01"), step("b", "+7wd", after="a"), step("c", "+20wd", after="b"))
    steps = planned(definition, "2022")
    assert steps["a"].not_applicable
    assert steps["b"].due_on == steps["b"].planned_on == CALENDAR.add(START, 7)
    assert steps["b"].relative and not steps["b"].not_applicable
    assert steps["c"].due_on is None and steps["c"].planned_on == CALENDAR.add(CALENDAR.add(START, 7), 20)


def test_the_not_applicable_among_several_predecessors_does_not_count():
    definition = workflow(step("a", "15/01"), step("b", "30/09"), step("c", "+7d", after=("a", "b"), shift=Shift.NONE))
    assert planned(definition, "2022")["c"].planned_on == date(2022, 10, 7)


def test_without_predecessors_it_counts_from_the_opening_of_the_cycle():
    assert planned(workflow(step("a", "+7wd")), "2024")["a"].due_on == CALENDAR.add(date(2024, 1, 1), 7)


def test_a_step_held_back_by_a_date_counts_from_that_date():
    definition = workflow(step("a", "15/01"), step("b", "+7wd", after="a", not_before=parse_rule("01/06")))
    assert planned(definition, "2024")["b"].planned_on == CALENDAR.add(date(2024, 6, 1), 7)


def test_what_was_due_before_tracking_began_is_prior_and_what_follows_has_a_date():
    definition = workflow(step("a", "15/02"), step("b", "+10wd", after="a"), step("c", "30/09", after="b"))
    steps = planned(definition, "2024", tracked_from=date(2024, 2, 20))
    assert [(s.prior, s.not_applicable) for s in (steps["a"], steps["b"], steps["c"])] == [(True, False), (False, False), (False, False)]
    assert steps["b"].due_on == CALENDAR.add(date(2024, 2, 15), 10)


def test_a_day_may_lie_in_the_year_after_the_cycle():
    assert planned(workflow(step("a", "15/01+1y")), "2025")["a"].due_on == date(2026, 1, 15)


def test_parts_done_once_count_from_the_issue():
    steps = planned(workflow(step("a", "issue+30wd"), every=Every.ONCE), "once")
    assert steps["a"].due_on == CALENDAR.add(START, 30)


def test_the_due_date_once_opened_leaves_days_off():
    a_plan, definition = plan(), workflow(step("a", "+30d"))
    cycle = cycles(definition, a_plan)[2]
    due = due_when_opened(definition.steps[0], opened_on=date(2024, 8, 2), cycle=cycle, plan=a_plan, calendar=CALENDAR)
    assert due == date(2024, 9, 4)  # 01/09 is a Sunday, 2 and 3 September are off


RULES = ("none", "T-60", "T-7wd", "T", "T+10", "+7wd", "+30d", "+0wd", "31/01", "30/09", "31/01+1y", "year-end-month/14", "issue+30wd")


@st.composite
def workflows(draw):
    size = draw(st.integers(1, 8))
    steps = []
    for i in range(size):
        after = tuple(f"s{j}" for j in sorted(draw(st.sets(st.integers(0, i - 1), max_size=3)))) if i else ()
        who = draw(st.sampled_from([{"lead": "ubnd-tinh"}, {"for_each": "cap-huyen"}]))
        steps.append(step(f"s{i}", draw(st.sampled_from(RULES)), after=after, **who))
    return workflow(*draw(st.permutations(steps)), anchor="19/08", opens=draw(st.sampled_from(["", "T-75"])))


@settings(deadline=None)
@given(workflows(), st.dates(date(2022, 7, 28), date(2025, 12, 31)))
def test_every_step_of_every_cycle_is_planned_once_with_dates_that_agree(definition, tracked_from):
    a_plan = plan(tracked_from=tracked_from)
    for cycle in cycles(definition, a_plan):
        steps = plan_steps(definition, a_plan, cycle, CALENDAR, lambda group: DISTRICTS)
        expected = [(s.code, slot) for s in topological(definition.steps) for slot in (DISTRICTS if s.for_each else (None,))]
        assert [(s.code, s.slot) for s in steps] == expected
        for s in steps:
            rule = definition.step(s.code).due
            assert s.due_on in (None, s.planned_on)
            assert not (s.not_applicable and s.prior)
            assert s.not_applicable == (s.planned_on is not None and s.planned_on < a_plan.issued_on)
            assert s.prior == (s.planned_on is not None and not s.not_applicable and s.planned_on < tracked_from)
            assert (s.planned_on is None) == (rule.text == "none")
            assert s.planned_on is None or rule.text == "T" or CALENDAR.is_working(s.planned_on)
        assert all(len({(s.due_on, s.planned_on, s.prior) for s in steps if s.code == code}) == 1 for code, _ in expected)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=6))
def test_along_a_chain_estimates_never_go_back(offsets):
    chain = [step(f"s{i}", f"+{n}wd", after=f"s{i - 1}" if i else ()) for i, n in enumerate(offsets)]
    steps = plan_steps(workflow(*chain), plan(), cycles(workflow(*chain), plan())[1], CALENDAR, lambda group: ())
    days = [s.planned_on for s in steps]
    assert all(a <= b for a, b in pairwise(days) if a and b)


def test_a_workflow_of_150_units_is_planned_without_a_glance_at_each_unit():
    """The calendar is asked per step, not per unit."""
    asked: list[date] = []

    class Counting:
        def __getattr__(self, name):
            asked.append(START)
            return getattr(CALENDAR, name)

    a_plan = plan()
    cycle, counting = cycles(festival(), a_plan)[1], cast(WorkCalendar, Counting())
    for size in (11, 150):
        asked.clear()
        units = tuple(f"u{i}" for i in range(size))
        assert len(plan_steps(festival(), a_plan, cycle, counting, {"cap-huyen": units}.__getitem__)) == 3 + 5 * size
        assert len(asked) <= 3 * len(festival().steps)


def test_a_soft_predecessor_moves_no_estimate():
    soft = replace(step("b", "+7d"), after=(Predecessor("a", soft=True),))
    assert planned(workflow(step("a", "30/11"), soft), "2024")["b"].due_on == date(2024, 1, 8)
