"""What a join waits for, counted."""

from __future__ import annotations

import pytest

from engine.compiled import Edge, compile_workflow
from engine.definition import Join, JoinKind
from engine.gates import Counts, all_passed, excuse, initial, moved, needed, openings, satisfied, waiting_for
from engine.statuses import WorkStatus
from tests.factories import festival

S = WorkStatus
ALL, HALF = Join(), Join(JoinKind.PERCENT, 50)
FESTIVAL = compile_workflow(festival(), *festival().workflows()[0])


def edge(join: Join = ALL) -> Edge:
    """The join under test: what comes after waits for the reports."""
    return Edge("bao-cao", "tong-hop", per_slot=False, join=join)


def counts(*statuses: WorkStatus) -> Counts:
    """Reports in these statuses."""
    return initial(("bao-cao", status) for status in statuses)


@pytest.mark.parametrize(
    ("join", "live", "wanted"),
    [
        (ALL, 11, 11), (ALL, 0, 0),
        (Join(JoinKind.ANY), 11, 1), (Join(JoinKind.ANY), 0, 0),
        (Join(JoinKind.COUNT, 3), 11, 3), (Join(JoinKind.COUNT, 3), 2, 2),  # no more than there are
        (Join(JoinKind.PERCENT, 90), 11, 10), (Join(JoinKind.PERCENT, 90), 10, 9), (HALF, 3, 2), (HALF, 0, 0),
    ],
)  # fmt: skip
def test_how_many_must_be_done(join: Join, live: int, wanted: int) -> None:
    assert needed(join, live) == wanted


@pytest.mark.parametrize(
    ("join", "statuses", "opens"),
    [
        (ALL, [S.DONE, S.DONE, S.OPEN], False),
        (ALL, [S.DONE, S.DONE, S.DONE], True),
        (ALL, [S.DONE, S.DONE, S.NOT_APPLICABLE], True),  # not in the denominator
        (ALL, [S.CANCELLED, S.PRIOR, S.NOT_APPLICABLE], True),  # nothing to wait for
        (ALL, [S.DONE, S.DONE, S.REFUSED], False),  # refused and suspended block
        (ALL, [S.DONE, S.DONE, S.SUSPENDED], False),
        (Join(JoinKind.ANY), [S.OPEN, S.DONE, S.OPEN], True),
        (Join(JoinKind.ANY), [S.OPEN, S.CANCELLED, S.OPEN], False),  # cancelled is not done
        (Join(JoinKind.COUNT, 2), [S.DONE, S.SUBMITTED, S.DONE], True),
        (HALF, [S.DONE, S.OPEN, S.OPEN], False),
        (HALF, [S.DONE, S.OPEN, S.NOT_APPLICABLE], True),
    ],
)
def test_when_a_join_opens(join: Join, statuses: list[WorkStatus], opens: bool) -> None:
    assert satisfied(edge(join), counts(*statuses)) is opens


def test_a_step_that_no_plan_made_holds_nothing_back() -> None:
    assert satisfied(edge(), {})


def test_moving_counts_once_and_leaves_the_old_counts_alone() -> None:
    before = counts(S.OPEN, S.OPEN)
    assert moved(before, "bao-cao", "a", S.OPEN, S.SUBMITTED) is before  # nothing that a join counts
    after = moved(before, "bao-cao", "a", S.SUBMITTED, S.DONE)
    assert (before["bao-cao"]["done"], after["bao-cao"]["done"]) == (0, 1)
    assert moved(after, "bao-cao", "a", S.DONE, S.IN_PROGRESS) == before
    assert moved(after, "bao-cao", "a", S.DONE, S.CANCELLED)["bao-cao"] == {"total": 2, "done": 0, "void": 1}


def test_an_excused_unit_is_not_waited_for_and_its_late_delivery_counts_for_nobody_else() -> None:
    """Three of three wanted: b is excused, a is done; when b delivers after all, c is still missing."""
    found = moved(counts(S.OPEN, S.OPEN, S.OPEN), "bao-cao", "a", S.OPEN, S.DONE)
    found = excuse(found, edge(), {"b": S.OPEN})
    assert waiting_for(edge(), found) == (2, 1)
    found = moved(found, "bao-cao", "b", S.OPEN, S.DONE)
    assert waiting_for(edge(), found) == (2, 1) and not satisfied(edge(), found)
    assert satisfied(edge(), moved(found, "bao-cao", "c", S.OPEN, S.DONE))


def test_excused_for_one_join_is_not_excused_for_another() -> None:
    found = excuse(counts(S.OPEN, S.DONE), edge(), {"a": S.OPEN})
    assert satisfied(edge(), found)
    assert not satisfied(Edge("bao-cao", "khac", per_slot=False, join=ALL), found)


def test_an_excused_unit_that_is_cancelled_counts_nowhere_twice() -> None:
    found = excuse(counts(S.OPEN, S.OPEN, S.DONE), edge(), {"a": S.OPEN})
    found = moved(found, "bao-cao", "a", S.OPEN, S.CANCELLED)
    assert waiting_for(edge(), found) == (2, 1)


@pytest.mark.parametrize(
    ("code", "slot", "done", "expected"),
    [
        ("ke-hoach", "", 1, (("ke-hoach-huyen", None),)),  # a fan-out opens whole
        ("ke-hoach-huyen", "huyen-02", 1, (("to-chuc", "huyen-02"),)),  # each unit goes its own way
        ("bao-cao", "huyen-02", 2, ()),  # the join waits for the third
        ("bao-cao", "huyen-02", 3, (("tong-hop", None),)),
        ("quyet-dinh", "", 1, (("luu", None),)),  # the other thing before it is only an order
        ("luu", "", 1, ()),
    ],
)
def test_what_may_open_after_a_step(code: str, slot: str, done: int, expected: tuple[tuple[str, str | None], ...]) -> None:
    found = initial((c, S.WAITING) for c, definition in FESTIVAL.steps.items() for _ in range(3 if definition.for_each else 1))
    found[code]["done"] = done
    assert openings(FESTIVAL, found, code, slot) == expected


def test_a_workflow_is_finished_when_every_step_is_done_or_void() -> None:
    assert all_passed(counts(S.DONE, S.CANCELLED, S.NOT_APPLICABLE, S.PRIOR))
    assert not all_passed(counts(S.DONE, S.SUSPENDED))
