"""Steps that a later date would overtake."""

from __future__ import annotations

from datetime import date

from engine.compiled import compile_workflow
from engine.overtaken import Later, overtaken
from engine.statuses import WorkStatus
from tests.engine.definitions import plan, step, workflow

S = WorkStatus
PLAN = plan(
    workflow(
        step("a", "01/06"),
        step("b", "05/06", for_each="cap-huyen", after="a"),
        step("c", "10/06", for_each="cap-huyen", after="b"),
        step("d", "15/06", after="c"),
        step("beside", "02/06"),
    )
)
FLOW = compile_workflow(PLAN, "NV4", PLAN.key_tasks[0].workflows[0])
JUNE = {"a": 1, "b": 5, "c": 10, "d": 15, "beside": 2}


def later(code: str, slot: str = "", status: WorkStatus = S.WAITING, due: date | None = None) -> Later:
    return Later(1, code, slot, status, due or date(2024, 6, JUNE[code]))


DISTRICTS = ("bu-dang", "bu-dop")
STEPS = [later("a"), *(later(code, unit) for code in ("b", "c") for unit in DISTRICTS), later("d"), later("beside")]


def found(code: str, slot: str, day: int, steps: list[Later] = STEPS) -> list[tuple[str, str]]:
    return [(each.code, each.slot) for each in overtaken(FLOW, (code, slot), steps, date(2024, 6, day))]


def test_only_what_comes_after_and_would_be_due_before():
    assert found("a", "", 5) == []
    assert found("a", "", 6) == [("b", "bu-dang"), ("b", "bu-dop")]
    assert found("a", "", 30)[-1] == ("d", "")


def test_a_units_own_chain_concerns_itself_until_the_join():
    assert found("b", "bu-dop", 30) == [("c", "bu-dop"), ("d", "")]


def test_what_is_finished_or_has_no_date_is_not_overtaken():
    assert found("c", "bu-dop", 30, [later("d", status=S.DONE)]) == []
    assert overtaken(FLOW, ("c", "bu-dop"), [Later(1, "d", "", S.WAITING, None)], date(2024, 7, 1)) == ()
