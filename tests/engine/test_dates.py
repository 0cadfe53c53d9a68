"""Date rules: the grammar, the days they name, and that docs/date-rules.md tells the truth."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import WorkCalendar
from engine.cycles import Cycle, period_at
from engine.dates import MAX_OFFSET, DateRuleError, default_shift, parse_rule, period_of, resolve
from engine.definition import DateRule, DueKind, Every, Shift
from wiring.calendar import build_calendar

DOC = (Path(__file__).parents[2] / "docs" / "date-rules.md").read_text(encoding="utf-8")
ISSUED = date(2022, 7, 28)
CYCLE = Cycle("2024", date(2024, 1, 1), date(2024, 12, 31), date(2024, 8, 19), date(2024, 6, 5))


def day_of(text: str, cycle: Cycle = CYCLE, opened_on: date | None = date(2024, 8, 5)) -> date | None:
    return resolve(parse_rule(text), cycle=cycle, issued_on=ISSUED, opened_on=opened_on, calendar=build_calendar())


def rows(pattern: str) -> list[tuple[str, str]]:
    found = re.findall(pattern, DOC, flags=re.MULTILINE)
    assert len(found) > 10
    return found


@pytest.mark.parametrize(("rule", "day"), rows(r"^\| `([^`]+)` \| (\d\d/\d\d/\d{4}|–) \|"))
def test_each_example_of_the_document_names_its_day(rule, day):
    named = day_of(rule)
    assert (f"{named:%d/%m/%Y}" if named else "–") == day


@pytest.mark.parametrize(("written", "proposed"), rows(r"^\| `([^`]+)` \| `([^`]+)` \|$"))
def test_each_slip_of_the_document_is_refused_with_its_proposal(written, proposed):
    with pytest.raises(DateRuleError) as caught:
        parse_rule(written)
    assert caught.value.suggestion == proposed
    assert proposed in caught.value.hint.vi
    parse_rule(proposed)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("T-60", DateRule(DueKind.ANCHOR, "T-60", offset=-60)),
        ("T+10wd", DateRule(DueKind.ANCHOR, "T+10wd", offset=10, working_days=True)),
        ("+0wd", DateRule(DueKind.AFTER, "+0wd", working_days=True)),
        ("+30d", DateRule(DueKind.AFTER, "+30d", offset=30)),
        ("31/01+1y", DateRule(DueKind.DAY, "31/01+1y", day=31, month=1, years=1)),
        ("30/06/2024", DateRule(DueKind.DAY, "30/06/2024", day=30, month=6, year=2024)),
        ("half-year-end-month/14", DateRule(DueKind.PERIOD_END, "half-year-end-month/14", day=14)),
        ("issue+45wd", DateRule(DueKind.ISSUE, "issue+45wd", offset=45, working_days=True)),
        ("none", DateRule(DueKind.NONE, "none")),
    ],
)
def test_a_rule_becomes_a_value(text, rule):
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    "text", ["", " ", "T-", "T-60 ", "T\n", "T-٣", "-7wd", "32/01", "00/01", "29/02/2023", "01/13", "T-3661", "T-99999", "+1y", "x" * 5000]
)
def test_anything_else_is_refused_in_both_languages(text):
    with pytest.raises(DateRuleError) as caught:
        parse_rule(text)
    error = caught.value
    assert error.text.vi and error.text.en and error.hint.vi and error.hint.en
    assert len(error.text.vi) < 200


def test_a_day_of_the_leap_year_only():
    assert [day_of("29/02", period_at(Every.YEAR, date(year, 1, 1))) for year in (2023, 2024)] == [date(2023, 2, 28), date(2024, 2, 29)]


@pytest.mark.parametrize(
    ("rule", "day", "named"),
    [
        ("quarter-end-month/14", date(2024, 8, 1), date(2024, 9, 14)),
        ("half-year-end-month/14", date(2024, 2, 1), date(2024, 6, 14)),
        ("month-end-month/31", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_report_cut_off_lies_in_the_last_month_of_the_period(rule, day, named):
    assert day_of(rule, period_at(period_of(parse_rule(rule)), day)) == named


def test_what_counts_from_opening_has_no_day_before():
    assert day_of("+7wd", opened_on=None) is None


def test_t_without_an_anchor_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="no anchor"):
        day_of("T-60", period_at(Every.YEAR, date(2024, 1, 1)))


@pytest.mark.parametrize(
    ("rule", "shift"),
    [
        ("T-7", Shift.PREVIOUS),
        ("T", Shift.NONE),
        ("T+7", Shift.NEXT),
        ("quarter-end-month/14", Shift.PREVIOUS),
        ("31/01", Shift.NEXT),
        ("+7wd", Shift.NEXT),
    ],
)
def test_where_a_due_date_goes_by_default(rule, shift):
    assert default_shift(parse_rule(rule)) is shift


@given(st.integers(-MAX_OFFSET, MAX_OFFSET).filter(bool), st.booleans())
def test_every_offset_within_bounds_parses_to_itself(offset, working_days):
    rule = parse_rule(f"T{offset:+}{'wd' if working_days else ''}")
    assert (rule.offset, rule.working_days) == (offset, working_days)


@given(st.text(alphabet="Tt+-−/0123456789 wdyisuenohltmr", max_size=24))
def test_no_text_crashes_the_parser_and_every_proposal_is_a_rule(text):
    try:
        rule = parse_rule(text)
    except DateRuleError as error:
        if error.suggestion:
            parse_rule(error.suggestion)
    else:
        assert rule.text == text
        resolve(rule, cycle=CYCLE, issued_on=ISSUED, opened_on=ISSUED, calendar=WorkCalendar())
