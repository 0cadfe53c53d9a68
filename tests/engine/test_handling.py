"""Naming who of the lead unit handles a step: whom, by whom, and what it leaves as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.access import Actor
from engine.decide import decide
from engine.errors import Invalid, Refused
from engine.step_state import Effect, StepState
from engine.transitions import Action
from tests.engine.office import Office
from tests.engine.people import PLAN, STAFF, START
from tests.factories import AGENCY, CALENDAR, at

OFFICE = Office(PLAN, START)
UNIT = "huyen-01"
OF_UNIT = STAFF[UNIT][0]
COLLEAGUES = {"lan": 11, "minh": 12}
STEP = OFFICE.steps["gop-y", UNIT]


def name(payload: dict[str, Any], *, step: StepState = STEP, actor: Actor = OF_UNIT) -> Effect:
    now = at(START)
    return decide(
        Action.NAME_HANDLER, step, OFFICE.workflow, actor=actor, payload=payload, now=now, calendar=CALENDAR, counts=OFFICE.counts,
        stored=COLLEAGUES,
    )[1]  # fmt: skip


def test_somebody_of_the_unit_is_named_whatever_the_case_of_their_name() -> None:
    effect = name({"handler": " Lan ", "note": "chị giúp phần này"})
    assert effect.changes == {"handler": 11, "handled_since": at(START).business}
    assert [fact.as_json() for fact in effect.facts] == [{"kind": "step.handler-named", "account": 11}]
    assert effect.text == "chị giúp phần này"


def test_the_next_one_takes_the_place_and_nobody_is_a_choice_too() -> None:
    handled = replace(STEP, handler=11)
    assert name({"handler": "minh"}, step=handled).changes["handler"] == 12
    released = name({"handler": ""}, step=handled)
    assert released.changes == {"handler": None, "handled_since": None}
    assert [fact.kind for fact in released.facts] == ["step.handler-released"]


@pytest.mark.parametrize(
    ("payload", "handler", "code"),
    [
        ({}, None, "missing"),
        ({"handler": None}, 11, "missing"),
        ({"handler": ""}, None, "no-handler"),
        ({"handler": "lan"}, 11, "same-handler"),
        ({"handler": "ai-do"}, None, "handler"),
        ({"handler": ["lan"]}, None, "type"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(payload: dict[str, Any], handler: int | None, code: str) -> None:
    with pytest.raises(Invalid) as wrong:
        name(payload, step=replace(STEP, handler=handler))
    assert (wrong.value.code, wrong.value.field) == (code, "handler")
    assert wrong.value.text.vi and wrong.value.text.en


def test_who_was_nearly_named_is_suggested() -> None:
    with pytest.raises(Invalid) as wrong:
        name({"handler": "mihn"})
    assert "minh" in wrong.value.hint.vi


def test_only_the_unit_names_its_people() -> None:
    for stranger in (STAFF["huyen-02"][0], STAFF[AGENCY][0]):
        with pytest.raises(Refused) as refused:
            name({"handler": "lan"}, actor=stranger)
        assert refused.value.code == "relation"


def test_with_another_lead_it_begins_anew() -> None:
    payload = {"lead": "mttq", "reason": "chuyển"}
    _, effect = decide(
        Action.REASSIGN, replace(STEP, handler=11), OFFICE.workflow, actor=STAFF[AGENCY][0], payload=payload, now=at(START),
        calendar=CALENDAR, counts=OFFICE.counts,
    )  # fmt: skip
    assert (effect.changes["handler"], effect.changes["handled_since"]) == (None, None)
