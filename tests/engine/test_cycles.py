"""Which cycles a plan has, how they are named and when they open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cycles import Cycle, cycles, period_at
from engine.definition import Every
from tests.engine.definitions import START, festival, plan, step, workflow

ALL_QUARTERS = [f"{year}-Q{n}" for year in range(2022, 2026) for n in range(1, 5)]


def codes(definition, **fields):
    return [cycle.code for cycle in cycles(definition, plan(**fields))]


def test_every_quarter_from_the_one_running_at_issue():
    found = cycles(workflow(step("a"), every=Every.QUARTER), plan())
    assert [c.code for c in found] == ALL_QUARTERS[2:]
    assert found[0] == Cycle("2022-Q3", date(2022, 7, 1), date(2022, 9, 30), None, START)
    assert found[1].opens_on == date(2022, 10, 1)


@pytest.mark.parametrize(
    ("every", "first", "last", "number"),
    [(Every.YEAR, "2022", "2025", 4), (Every.HALF_YEAR, "2022-H2", "2025-H2", 7), (Every.MONTH, "2022-07", "2025-12", 42)],
)
def test_names_and_number_of_cycles(every, first, last, number):
    found = codes(workflow(step("a"), every=every))
    assert (found[0], found[-1], len(found)) == (first, last, number)


def test_once_spans_the_plan_and_opens_with_it():
    (cycle,) = cycles(workflow(step("a"), every=Every.ONCE), plan())
    assert cycle == Cycle("once", START, date(2025, 12, 31), None, START)


def test_once_may_open_on_a_day_of_its_own_and_have_an_anchor():
    (cycle,) = cycles(workflow(step("a"), every=Every.ONCE, anchor="30/06/2024", opens="T-90"), plan())
    assert (cycle.anchor, cycle.opens_on) == (date(2024, 6, 30), date(2024, 4, 1))


def test_an_anchored_cycle_opens_before_its_anchor_but_never_before_the_plan():
    found = cycles(festival(), plan())
    assert [c.code for c in found] == ["2022", "2023", "2024", "2025"]
    assert [c.anchor for c in found] == [date(year, 8, 19) for year in range(2022, 2026)]
    assert [c.opens_on for c in found] == [START, *(date(year, 6, 5) for year in (2023, 2024, 2025))]


def test_a_cycle_bears_the_name_of_the_period_in_which_it_opens():
    found = cycles(workflow(step("a", "T"), anchor="15/01", opens="T-75"), plan())
    assert (found[0].code, found[0].opens_on, found[0].anchor) == ("2022", date(2022, 11, 1), date(2023, 1, 15))
    assert found[-1].code == "2025" and found[-1].anchor == date(2026, 1, 15)


def test_a_plan_issued_after_its_first_day_opens_nothing_before_its_issue():
    found = cycles(workflow(step("a"), every=Every.MONTH), plan(issued_on=date(2022, 9, 15)))
    assert (found[0].code, found[0].opens_on) == ("2022-09", date(2022, 9, 15))


def test_an_anchor_may_be_a_day_of_each_quarters_last_month():
    found = cycles(workflow(step("a", "T+5"), every=Every.QUARTER, anchor="quarter-end-month/31"), plan())
    assert [c.anchor for c in found[:3]] == [date(2022, 9, 30), date(2022, 12, 31), date(2023, 3, 31)]


@given(st.sampled_from([e for e in Every if e is not Every.ONCE]), st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_periods_follow_each_other_without_a_gap(every, day):
    period = period_at(every, day)
    assert period.first <= day <= period.last
    assert period_at(every, period.first) == period_at(every, period.last) == period
    following = period_at(every, period.last + timedelta(days=1))
    assert following.first == period.last + timedelta(days=1)
    assert following.code != period.code


@settings(deadline=None)
@given(
    st.sampled_from([Every.YEAR, Every.ONCE]),
    st.integers(-300, 0),
    st.dates(date(2020, 1, 1), date(2024, 12, 31)),
    st.integers(0, 1500),
    st.integers(-200, 200),
)
def test_cycles_open_in_the_plans_period_in_order_under_distinct_names(every, offset, first, length, issued):
    definition = workflow(step("a"), every=every, anchor="19/08", opens=f"T{offset}" if offset else "T")
    issued_on = min(first + timedelta(days=issued), first + timedelta(days=length))
    a_plan = plan(from_=first, to=first + timedelta(days=length), issued_on=issued_on)
    found = cycles(definition, a_plan)
    assert len({c.code for c in found}) == len(found)
    assert [c.opens_on for c in found] == sorted(c.opens_on for c in found)
    assert all(c.opens_on >= max(a_plan.from_, a_plan.issued_on) for c in found)
    assert every is Every.ONCE or all(c.opens_on <= a_plan.to for c in found)


def test_no_cycle_opens_before_the_workflow_starts():
    late = workflow(every=Every.YEAR, starts_on=date(2024, 1, 1))
    assert [cycle.code for cycle in cycles(late, plan(late))] == ["2024", "2025"]
