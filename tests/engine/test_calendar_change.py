"""Which dates another working calendar moves, and which never."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import WorkCalendar
from engine.calendar_change import Recount, Running, recount
from engine.compiled import compile_workflow
from engine.cycles import cycles
from engine.dates import default_shift, parse_rule
from engine.definition import CalendarOverride, Shift, StepDefinition, Window
from engine.statuses import WorkStatus
from engine.step_state import Ledger
from tests.engine.definitions import plan, step, workflow

S = WorkStatus
PLAN = plan(
    workflow(
        step("chuan-bi", "T-60"),
        step("ngay-hoi", "T", lead="so-noi-vu"),
        step("bao-cao", "T+10", lead="so-noi-vu"),
        step("hop", "T-5wd"),
        step("cuoi-nam", "31/12", lead="so-noi-vu"),
        step("cuoi-nam-lui", "31/12", shift=Shift.PREVIOUS),
        step("gop-y", "+7wd", after="chuan-bi", for_each="cap-huyen"),
        step("chon-ngay", "none", window=Window(parse_rule("T-9"), parse_rule("T-3wd"), parse_rule("T-24"))),
        anchor="19/08",
    )
)
COMPILED = compile_workflow(PLAN, "NV4", PLAN.key_tasks[0].workflows[0])
CYCLE = next(c for c in cycles(COMPILED.definition, PLAN) if c.code == "2024")
MONDAY = date(2024, 7, 8)


def running(code: str, due_on: date | None, *ledger: Ledger, **more: object) -> Running:
    """A step of the cycle of 2024, open and under way unless said otherwise; its ledger begins with its first date."""
    entries = ledger or ((Ledger("original", due_on),) if due_on else ())
    plain = Running(1, code, "", "cong-an-tinh", S.IN_PROGRESS, MONDAY, due_on, due_on, 0, None, None, entries)
    return replace(plain, **more)  # type: ignore[arg-type]


def under(step_: Running, *, off: tuple[date, ...] = (), worked: tuple[date, ...] = ()) -> Recount:
    """What a plain week with these days off and make-up days makes of the step."""
    days = [*(CalendarOverride(day, False, "") for day in off), *(CalendarOverride(day, True, "") for day in worked)]
    return recount(COMPILED, CYCLE, [step_], WorkCalendar().with_overrides(days))


def new_date(found: Recount) -> date | None:
    """Where the only date goes; None if it stays."""
    return found.moves[0].new if found.moves else None


THURSDAY, FRIDAY = date(2024, 6, 20), date(2024, 6, 21)


@pytest.mark.parametrize(
    ("step_", "off", "worked", "new"),
    [
        (running("chuan-bi", THURSDAY), (THURSDAY,), (), date(2024, 6, 19)),  # T-n goes back
        (running("chuan-bi", THURSDAY), (FRIDAY,), (), None),  # a day beside it is none of its business
        (running("bao-cao", date(2024, 8, 29)), (date(2024, 8, 29), date(2024, 8, 30)), (), date(2024, 9, 2)),  # over a weekend
        (running("bao-cao", date(2024, 8, 29)), (date(2024, 8, 29), date(2024, 8, 30)), (date(2024, 8, 31),), date(2024, 8, 31)),
        (running("hop", date(2024, 8, 12)), (date(2024, 8, 14),), (), date(2024, 8, 9)),  # five working days before T
        (running("hop", date(2024, 8, 12)), (), (date(2024, 8, 17),), date(2024, 8, 13)),  # a make-up day is one of them
        (running("ngay-hoi", date(2024, 8, 19)), (date(2024, 8, 19),), (), None),  # T never moves
        (running("cuoi-nam", date(2024, 12, 31)), (date(2024, 12, 31), date(2025, 1, 1)), (), date(2025, 1, 2)),  # across the year's end
        (running("cuoi-nam-lui", date(2024, 12, 31)), (date(2024, 12, 31), date(2024, 12, 30)), (), date(2024, 12, 27)),
        (running("chon-ngay", date(2024, 8, 14)), (date(2024, 8, 15),), (), None),  # the last day of a window stays
    ],
)
def test_a_date_goes_where_its_rule_says(step_: Running, off: tuple[date, ...], worked: tuple[date, ...], new: date | None) -> None:
    assert new_date(under(step_, off=off, worked=worked)) == new


OPENED = Ledger("opened", date(2024, 7, 17))


@pytest.mark.parametrize(
    ("off", "worked", "new"),
    [
        ((date(2024, 7, 10),), (), date(2024, 7, 18)),
        ((), (date(2024, 7, 13),), date(2024, 7, 16)),
        ((date(2024, 7, 8),), (), None),  # the day it opened is never counted
        ((date(2024, 7, 17), date(2024, 7, 18)), (), date(2024, 7, 19)),
    ],
)
def test_a_date_that_counts_from_opening_is_counted_again(off: tuple[date, ...], worked: tuple[date, ...], new: date | None) -> None:
    assert new_date(under(running("gop-y", OPENED.due_on, OPENED, slot="bu-dop"), off=off, worked=worked)) == new


NAMED = ("extension", "chosen", "redo")


@pytest.mark.parametrize("kind", NAMED)
def test_a_date_that_a_person_named_stays(kind: str) -> None:
    day = date(2024, 7, 24)
    assert not under(running("gop-y", day, OPENED, Ledger(kind, day)), off=(date(2024, 7, 10), day)).moves


def test_the_working_days_of_a_suspension_are_added_again_to_whatever_they_were_added_to() -> None:
    pause = Ledger("suspension", date(2024, 7, 22), working_days=3)
    counted = running("gop-y", pause.due_on, OPENED, pause)
    assert new_date(under(counted, off=(date(2024, 7, 10),))) == date(2024, 7, 23)
    granted = running(
        "gop-y", date(2024, 7, 29), OPENED, Ledger("extension", date(2024, 7, 24)), Ledger("suspension", date(2024, 7, 29), working_days=3)
    )
    assert new_date(under(granted, off=(date(2024, 7, 10),))) is None
    assert new_date(under(granted, off=(date(2024, 7, 25),))) == date(2024, 7, 30)


def test_a_shift_rests_on_what_was_before_it_so_that_the_day_can_be_taken_back() -> None:
    moved = running("gop-y", date(2024, 7, 18), OPENED, Ledger("shift", date(2024, 7, 18)))
    assert new_date(under(moved, off=(date(2024, 7, 10),))) is None
    assert new_date(under(moved)) == OPENED.due_on


@pytest.mark.parametrize("status", [S.DONE, S.CANCELLED, S.NOT_APPLICABLE, S.PRIOR])
def test_what_is_finished_never_moves(status: WorkStatus) -> None:
    assert not under(running("chuan-bi", THURSDAY, status=status), off=(THURSDAY,)).moves


@pytest.mark.parametrize("status", [S.WAITING, S.OPEN, S.RETURNED, S.REFUSED, S.SUSPENDED, S.SUBMITTED])
def test_what_is_not_finished_moves_wherever_it_stands(status: WorkStatus) -> None:
    assert new_date(under(running("chuan-bi", THURSDAY, status=status), off=(THURSDAY,))) == date(2024, 6, 19)


def test_a_step_that_waits_to_be_counted_has_no_date_to_move_but_a_new_estimate() -> None:
    waiting = running("gop-y", None, status=S.WAITING, opened_on=None, planned_on=date(2024, 7, 1))
    assert under(waiting, off=(date(2024, 6, 25),)) == Recount((), {1: date(2024, 7, 2)})
    again = running("gop-y", OPENED.due_on, OPENED, status=S.WAITING, opened_on=None)  # what came before it was reopened
    assert not under(again, off=(date(2024, 7, 10),)).moves


def test_an_approvers_date_counts_working_days_as_well() -> None:
    submitted = running("chuan-bi", THURSDAY, status=S.SUBMITTED, link_since=date(2024, 6, 18), approval_due_on=date(2024, 6, 21))
    found = under(submitted, off=(date(2024, 6, 19),))
    assert [(move.kind, move.old, move.new) for move in found.moves] == [("approval", date(2024, 6, 21), date(2024, 6, 24))]


DAYS = st.lists(st.integers(-40, 60).map(lambda n: date(2024, 8, 19) + timedelta(days=n)), max_size=6)


@given(DAYS, DAYS, st.sampled_from(["chuan-bi", "bao-cao", "hop", "cuoi-nam"]))
def test_counting_again_is_counting_once(off: list[date], worked: list[date], code: str) -> None:
    days = (tuple(off), tuple(day for day in worked if day not in off))
    step_ = running(code, under_plain(code))
    for move in under(step_, off=days[0], worked=days[1]).moves:
        there = replace(step_, due_on=move.new, ledger=(*step_.ledger, Ledger("shift", move.new)))
        assert not under(there, off=days[0], worked=days[1]).moves
        assert new_date(under(there)) == step_.due_on


def under_plain(code: str) -> date:
    """The date of ``code`` in a plain week."""
    return {"chuan-bi": THURSDAY, "bao-cao": date(2024, 8, 29), "hop": date(2024, 8, 12), "cuoi-nam": date(2024, 12, 31)}[code]


def test_the_table_above_holds_every_shape_of_rule() -> None:
    definitions: dict[str, StepDefinition] = COMPILED.steps
    assert {definitions[code].shift for code in ("chuan-bi", "bao-cao", "ngay-hoi")} == {Shift.PREVIOUS, Shift.NEXT, Shift.NONE}
    assert default_shift(definitions["ngay-hoi"].due) is Shift.NONE
