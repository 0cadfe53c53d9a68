"""Late days, each given to whoever held the clock when it began: the table of situations, told from facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.approval import chain
from engine.attribution import History, LateDay, late_days, shares
from engine.compiled import compile_workflow
from engine.definition import ApprovalLink, JoinKind
from engine.timeliness import days_late
from engine.turns import Clock, Event, Turn, turns
from tests.engine.definitions import plan, step, workflow

AGENCY, COMMITTEE = "cong-an-tinh", "ban-chi-dao"
BOTH = (ApprovalLink((AGENCY, "so-noi-vu"), JoinKind.ALL, 2), ApprovalLink((COMMITTEE,), JoinKind.ALL, 3))
PLAN = plan(
    workflow(
        step("a", "10/06", lead="so-noi-vu"),
        step("b", "10/06", lead=AGENCY),
        step("c", "10/06", lead="ubnd-tinh", after=("a", "b")),
        step("d", "10/06", lead="so-noi-vu", after="c"),
        step("e", "10/06", for_each="cap-huyen", after="d"),
        step("f", "10/06", for_each="cap-huyen", after="e"),
        step("g", "10/06", lead=AGENCY, after="f"),
        step("h", "10/06", lead="ubnd-tinh", approve=BOTH),
    )
)
FLOW = compile_workflow(PLAN, "NV4", PLAN.key_tasks[0].workflows[0])


def june(day: int) -> date:
    return date(2024, 6, 1) + timedelta(days=day - 1)


DUE = june(10)


def on(day: int, kind: str, **data: Any) -> Event:
    """A fact on a day of June; what is handed in counts from that day unless its document has another."""
    return Event(june(day), f"step.{kind}", {"on": june(day).isoformat(), **data} if kind == "submitted" else data)


def told(code: str, *events: Event, lead: str = "", slot: str = "") -> tuple[Turn, ...]:
    lead = lead or slot or FLOW.steps[code].lead or ""
    return turns(events, lead=lead, agency_of=lambda _: AGENCY, chain_of=lambda unit, _: chain(FLOW.steps[code], unit, PLAN))


def history(
    code: str, *events: Event, due: date | None = DUE, lead: str = "", slot: str = "", later: Mapping[int, int] | None = None
) -> History:
    """A step and its ledger: ``later`` is the due date (a day of June) by the day on which it was entered."""
    dates = ((june(1), due), *((june(day), june(until)) for day, until in (later or {}).items()))
    return History(told(code, *events, lead=lead, slot=slot), dates, list(FLOW.steps).index(code))


def counted(days: tuple[LateDay, ...]) -> dict[tuple[str, str | None], int]:
    return {(str(share.clock), share.holder): share.days for share in shares(days)}


def of_a(*events: Event, until: int, due: int = 10) -> dict[tuple[str, str | None], int]:
    """How the late days of step a, led by so-noi-vu and confirmed by the standing agency, are given out."""
    return counted(late_days(("a", ""), {("a", ""): history("a", *events)}, FLOW, due_on=june(due), until=june(until)))


UNIT, APPROVER = ("lead", "so-noi-vu"), ("approver", AGENCY)
OPENED = on(1, "opened")


@pytest.mark.parametrize(
    ("events", "until", "due", "expected"),
    [
        pytest.param([on(9, "submitted"), on(20, "approved")], 9, 10, {}, id="in time, approved long after: nothing is late"),
        pytest.param([on(13, "submitted"), on(20, "approved")], 13, 10, {UNIT: 3}, id="submitted late"),
        pytest.param(
            [on(9, "submitted"), on(14, "returned"), on(18, "submitted"), on(19, "approved")], 18, 16, {UNIT: 2},
            id="submitted in time, returned after the date: against the redo date only the unit's own days",
        ),
        pytest.param(
            [on(9, "submitted"), on(14, "returned"), on(18, "submitted"), on(19, "approved")], 18, 10, {APPROVER: 4, UNIT: 4},
            id="submitted in time, returned after the date: against the first date the approver has its own",
        ),
        pytest.param(
            [on(12, "submitted"), on(14, "returned"), on(17, "submitted"), on(21, "returned"), on(23, "submitted"), on(24, "approved")],
            23, 10, {UNIT: 7, APPROVER: 6}, id="returned twice",
        ),
        pytest.param([on(12, "submitted"), on(13, "recalled"), on(15, "submitted")], 15, 10, {UNIT: 4, APPROVER: 1}, id="recalled"),
        pytest.param(
            [on(5, "suspended"), on(12, "resumed"), on(19, "submitted")], 19, 17, {UNIT: 2},
            id="suspended before the date: the days are in the new date",
        ),
        pytest.param(
            [on(12, "suspended"), on(15, "resumed"), on(19, "submitted")], 19, 10, {UNIT: 6, ("suspended", None): 3},
            id="suspended after the date: the clock stood, nobody has these days",
        ),
        pytest.param([on(12, "suspended")], 12, 10, {UNIT: 2}, id="suspended still"),
        pytest.param(
            [on(12, "extension-requested"), on(13, "extension-granted"), on(22, "submitted")], 22, 20, {UNIT: 2},
            id="extended after the date: against the date that holds",
        ),
        pytest.param(
            [on(12, "extension-requested"), on(13, "extension-granted"), on(22, "submitted")], 22, 10, {UNIT: 12},
            id="extended after the date: against the first date; a pending request stops no clock",
        ),
        pytest.param(
            [on(12, "refused"), on(15, "reassigned", **{"from": "so-noi-vu", "to": "bu-dop"}), on(17, "submitted")], 17, 10,
            {UNIT: 2, ("agency", AGENCY): 3, ("lead", "bu-dop"): 2}, id="refused, decided by the agency, done by another",
        ),
        pytest.param(
            [on(13, "reassigned", **{"from": "so-noi-vu", "to": "bu-dop"}), on(17, "submitted")], 17, 10, {UNIT: 3, ("lead", "bu-dop"): 4},
            id="reassigned: late days stay with whoever had them",
        ),
        pytest.param(
            [on(18, "submitted", on="2024-06-12"), on(20, "returned"), on(22, "submitted")], 22, 10, {UNIT: 4, APPROVER: 8},
            id="recorded from paper",
        ),
        pytest.param(
            [on(9, "submitted"), on(10, "approved"), on(15, "reopened"), on(18, "submitted")], 18, 10, {("ended", None): 5, UNIT: 3},
            id="reopened: what was done is nobody's",
        ),
        pytest.param(
            [
                on(12, "submitted"), on(20, "approved"), on(21, "corrected", field="submitted_on", new="2024-06-11"), on(21, "reopened"),
                on(23, "submitted"),
            ],
            23, 10, {UNIT: 3, APPROVER: 9, ("ended", None): 1}, id="the day of submission was corrected",
        ),
    ],
)  # fmt: skip
def test_each_late_day_belongs_to_whoever_held_the_clock_when_it_began(
    events: list[Event], until: int, due: int, expected: dict[tuple[str, str | None], int]
) -> None:
    assert of_a(OPENED, *events, until=until, due=due) == expected


def test_of_several_approvers_the_first_who_has_not_decided_holds_it() -> None:
    events = (
        OPENED, on(9, "submitted"), on(12, "approval-given", units=[AGENCY]), on(14, "link-approved"), on(17, "returned"),
        on(18, "submitted"),
    )  # fmt: skip
    days = late_days(("h", ""), {("h", ""): history("h", *events)}, FLOW, due_on=DUE, until=june(18))
    assert counted(days) == {
        ("approver", AGENCY): 2, ("approver", "so-noi-vu"): 2, ("approver", COMMITTEE): 3, ("lead", "ubnd-tinh"): 1
    }  # fmt: skip


def blocked(**histories: History) -> dict[tuple[str, str | None], int]:
    """How the late days of step c, which waits for a and b, are given out until 17/06."""
    known = {(code, ""): found for code, found in histories.items()}
    return counted(late_days(("c", ""), known, FLOW, due_on=DUE, until=june(17)))


LATE_A = (OPENED, on(14, "submitted"), on(15, "approved"))
LATE_B = (OPENED, on(11, "submitted"), on(12, "approved"))


def test_blocked_by_two_its_days_go_once_to_the_one_overdue_the_longest() -> None:
    found = blocked(a=history("a", *LATE_A, due=june(3)), b=history("b", *LATE_B, due=june(5)), c=history("c", on(15, "opened")))
    # 11-14 began with a's unit, 15 with a's approver; 16 and 17 with its own
    assert found == {("lead", "so-noi-vu"): 4, ("approver", AGENCY): 1, ("lead", "ubnd-tinh"): 2}
    other = blocked(a=history("a", *LATE_A, due=june(5)), b=history("b", *LATE_B, due=june(3)), c=history("c", on(15, "opened")))
    # b was overdue longer until it was passed on the 12th: 11 with its unit, 12 with its approver; then a
    assert other == {
        ("lead", AGENCY): 1,
        ("approver", COMMITTEE): 1,
        ("lead", "so-noi-vu"): 2,
        ("approver", AGENCY): 1,
        ("lead", "ubnd-tinh"): 2,
    }


def test_an_extension_of_the_step_before_counts_from_the_day_it_was_granted() -> None:
    a = history("a", *LATE_A, due=june(3), later={12: 20})
    found = blocked(a=a, b=history("b", OPENED, on(9, "submitted"), on(9, "approved")), c=history("c", on(15, "opened")))
    assert found == {("lead", "so-noi-vu"): 2, ("waiting", None): 3, ("lead", "ubnd-tinh"): 2}


def test_what_is_blocked_by_something_blocked_goes_to_the_one_at_the_root() -> None:
    known = {
        ("a", ""): history("a", OPENED, due=june(3)),
        ("b", ""): history("b", OPENED, on(5, "submitted"), on(6, "approved")),
        ("c", ""): history("c", due=june(6)),
        ("d", ""): history("d"),
    }
    days = late_days(("d", ""), known, FLOW, due_on=DUE, until=june(13))
    assert {(day.holder, day.via) for day in days} == {("so-noi-vu", ("a", ""))}


def test_a_units_own_chain_waits_for_its_own_step_and_a_join_for_every_units() -> None:
    known = {
        ("e", "bu-dang"): history("e", OPENED, slot="bu-dang", due=june(4)),
        ("e", "bu-dop"): history("e", OPENED, on(3, "submitted"), on(4, "approved"), slot="bu-dop", due=june(4)),
        ("f", "bu-dang"): history("f", slot="bu-dang", due=june(6)),
        ("f", "bu-dop"): history("f", slot="bu-dop", due=june(8)),  # its own plan is passed; it waits for nobody
        ("g", ""): history("g"),
    }
    of = {place: late_days(place, known, FLOW, due_on=DUE, until=june(11)) for place in (("f", "bu-dang"), ("f", "bu-dop"), ("g", ""))}
    assert {place: days[0].holder for place, days in of.items()} == {
        ("f", "bu-dang"): "bu-dang",
        ("f", "bu-dop"): None,
        ("g", ""): "bu-dang",
    }


def test_what_waits_for_nothing_that_is_late_is_nobodys() -> None:
    found = blocked(a=history("a", OPENED, due=june(30)), b=history("b", OPENED, on(2, "approved")), c=history("c"))
    assert found == {("waiting", None): 7}


def test_waiting_again_after_what_came_before_was_reopened() -> None:
    a = history("a", OPENED, on(5, "submitted"), on(6, "approved"), on(12, "reopened"), on(14, "submitted"), on(14, "approved"))
    c = history("c", on(6, "opened"), on(12, "waiting-again"), on(14, "opened"))
    assert blocked(a=a, b=history("b", on(1, "approved")), c=c) == {("lead", "ubnd-tinh"): 5, ("lead", "so-noi-vu"): 2}


MOVES = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(["submitted", "returned", "recalled", "suspended", "resumed", "refused", "reopened"])),
    max_size=10,
)


@given(MOVES, st.integers(0, 40))
def test_every_late_day_is_given_out_exactly_once(moves: list[tuple[int, str]], until: int) -> None:
    day, events = 1, [OPENED]
    for gap, kind in moves:
        day += gap
        events.append(on(day, kind))
    found = late_days(("a", ""), {("a", ""): history("a", *events)}, FLOW, due_on=DUE, until=june(until + 1))
    assert len(found) == days_late(DUE, june(until + 1), june(until + 1))
    assert [each.day for each in found] == [DUE + timedelta(days=n + 1) for n in range(len(found))]
    assert all((each.holder is None) == (each.clock in (Clock.SUSPENDED, Clock.ENDED, Clock.WAITING)) for each in found)
