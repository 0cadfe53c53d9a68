"""The official 2×2 and its rates."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.rollup import Tally, administrative_months, administrative_year, administrative_year_of, percent, total

NATIONAL_2017 = Tally(on_time=14_068, late=1_983, within=5_640, overdue=223)
COUNTS = st.builds(Tally, *(st.integers(0, 10_000) for _ in range(10)))


def test_the_national_report_of_2017_adds_up():
    assert NATIONAL_2017.completed == 16_051
    assert NATIONAL_2017.not_completed == 5_863
    assert NATIONAL_2017.total == 21_914


def test_its_rate_is_truncated_and_counts_late_completions():
    assert NATIONAL_2017.completion_rate == Decimal("98.62")
    assert round(100 * 16_051 / 16_274, 2) == 98.63


def test_the_on_time_rate_is_another_figure():
    assert NATIONAL_2017.on_time_rate == Decimal("86.44")


def test_an_extension_improves_one_rate_and_not_the_other():
    extended = Tally(on_time=10, on_time_original=7)
    assert extended.on_time_rate == 100
    assert extended.original_rate == 70


def test_what_is_past_its_first_date_and_not_done_weighs_on_the_original_rate():
    waiting = Tally(on_time=3, on_time_original=3, within=1, overdue_original=1)
    assert waiting.on_time_rate == 100
    assert waiting.original_rate == 75


def test_nothing_has_no_rate():
    assert Tally().completion_rate is None
    assert total([]) == Tally()


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_percentage_is_never_above_the_truth_and_less_than_a_hundredth_below(part, whole):
    found = percent(part, whole)
    assert found is not None
    assert found * whole <= 100 * part < (found + Decimal("0.01")) * whole


@given(st.lists(COUNTS, max_size=5))
def test_adding_keeps_every_count(tallies):
    whole = total(tallies)
    assert whole.total == sum(t.total for t in tallies)
    assert whole.settled == sum(t.settled for t in tallies)


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_every_day_lies_in_its_administrative_year(day):
    first, last = administrative_year(administrative_year_of(day))
    assert first <= day <= last
    assert administrative_year_of(last + timedelta(days=1)) == administrative_year_of(day) + 1


def test_the_twelve_months_of_a_year_follow_each_other_from_its_first_day_to_its_last():
    months = administrative_months(2024)
    assert (months[0][0], months[-1][1]) == administrative_year(2024)
    assert months[2] == (date(2024, 2, 15), date(2024, 3, 14))
    assert len(months) == 12 and all(last + timedelta(days=1) == first for (_, last), (first, _) in pairwise(months))
