"""Every pair of action and status, every relation, every need: refused with what would be allowed, or offered and possible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.access import Actor
from engine.decide import HANDLERS, RELATION_TEXT, decide, offers, parse_action, relations_to
from engine.errors import DondocError, Invalid, Refused
from engine.statuses import STATUS_TEXT, WorkStatus
from engine.step_state import StepState
from engine.transitions import TABLE, Action, Relation, Transition, find, sources
from tests.engine.office import Office
from tests.engine.people import DEPUTY, EVERYBODY, PLAN, START, sensible
from tests.factories import CALENDAR, at

S = WorkStatus
PEOPLE_ACT = [action for action in Action if action in HANDLERS]
EVERY_PAIR = [(action, status) for action in PEOPLE_ACT for status in S]
OFFICE = Office(PLAN, START)


def at_rest(status: WorkStatus, *, submitted_by: int | None = 999, code: str = "gop-y") -> StepState:
    """A district's step in ``status``, with a deadline and a window, and with a round while it is submitted."""
    slot = "" if code == "tong-hop" else "huyen-01"
    step = replace(OFFICE.steps[code, slot], window_first=START, window_last=START.replace(month=12))
    submitted: dict[str, Any] = {"round": 1, "submitted_by": submitted_by, "submitted_on": START} if status is S.SUBMITTED else {}
    return replace(step, status=status, **submitted)


def decided(action: Action, step: StepState, actor: Actor, payload: dict[str, Any]) -> DondocError | None:
    """What `decide` says on the festival's first day: its refusal, or None."""
    try:
        decide(action, step, OFFICE.workflow, actor=actor, payload=payload, now=at(START), calendar=CALENDAR, counts=OFFICE.counts)
    except DondocError as wrong:
        return wrong
    return None


def able(row: Transition, step: StepState) -> list[Actor]:
    """Those whom the row names."""
    return [actor for actor in EVERYBODY if relations_to(step, OFFICE.workflow, actor) & row.who]


@pytest.mark.parametrize(("action", "status"), [pair for pair in EVERY_PAIR if find(*pair) is None])
def test_what_the_table_does_not_have_is_refused_saying_when_it_would_be_possible(action: Action, status: WorkStatus) -> None:
    for actor in EVERYBODY:
        wrong = decided(action, at_rest(status), actor, {})
        assert isinstance(wrong, Refused) and wrong.code == "status"
        assert STATUS_TEXT[status].en in wrong.text.en and STATUS_TEXT[status].vi in wrong.text.vi
        assert all(STATUS_TEXT[s].en in wrong.hint.en and STATUS_TEXT[s].vi in wrong.hint.vi for s in sources(action))


@pytest.mark.parametrize(("action", "status"), [pair for pair in EVERY_PAIR if find(*pair) is not None])
def test_whoever_is_not_named_by_the_row_is_refused_and_told_who_is(action: Action, status: WorkStatus) -> None:
    row, step = find(action, status), at_rest(status, code="to-chuc")
    assert row is not None
    named = able(row, step)
    for actor in EVERYBODY:
        if actor in named:
            continue
        wrong = decided(action, step, actor, {})
        assert isinstance(wrong, Refused) and wrong.code == "relation"
        assert all(RELATION_TEXT[r].vi in wrong.text.vi and RELATION_TEXT[r].en in wrong.text.en for r in row.who)


@pytest.mark.parametrize("nothing", [None, "", "   ", []])
@pytest.mark.parametrize("row", [row for row in TABLE if row.needs], ids=lambda row: f"{row.action}-{min(row.sources)}")
def test_what_an_action_needs_is_asked_for_beside_its_field(row: Transition, nothing: object) -> None:
    for status in row.sources:
        code = "gop-y" if row.who & {Relation.COORDINATING} else "tong-hop" if row.action is Action.CLOSE_JOIN else "to-chuc"
        step = at_rest(status, code=code)
        if row.action is Action.REFUSE_EXTENSION:
            step = replace(step, extension={"until": "2024-09-30"})
        if row.action is Action.CORRECT:
            step = replace(step, extensions=1)
        for need in row.needs:
            wrong = decided(row.action, step, able(row, step)[0], {**dict.fromkeys(row.needs, "có"), need: nothing})
            assert isinstance(wrong, Invalid) and (wrong.code, wrong.field) == ("missing", need)


@pytest.mark.parametrize("status", S)
def test_a_button_is_offered_exactly_where_the_rules_agree(status: WorkStatus) -> None:
    """What an offer allows may still want something given, never another status, another person or another situation."""
    for actor in EVERYBODY:
        for submitter in (999, actor.account_id, actor.represented_id):
            step = at_rest(status, submitted_by=submitter, code="to-chuc")
            offered = {offer.action: offer for offer in offers(step, OFFICE.workflow, actor)}
            assert set(offered) == {action for action in PEOPLE_ACT if find(action, status)}
            for action, offer in offered.items():
                wrong = decided(action, step, actor, sensible(step, START))
                assert offer.allowed == (not isinstance(wrong, Refused)), (action, wrong)
                assert offer.allowed or (offer.why is not None and offer.why.vi and offer.why.en)


def test_a_deputy_may_not_decide_on_what_was_submitted_for_whom_it_stands_in() -> None:
    wrong = decided(Action.APPROVE, at_rest(S.SUBMITTED, submitted_by=DEPUTY.represented_id, code="to-chuc"), DEPUTY, {})
    assert isinstance(wrong, Refused) and wrong.code == "separation"


def test_an_unknown_action_is_answered_with_the_known_ones() -> None:
    with pytest.raises(Invalid) as wrong:
        parse_action("delete")
    assert "approve" in wrong.value.hint.en


def test_only_the_system_opens_and_it_does_not_ask() -> None:
    for actor in EVERYBODY:
        wrong = decided(Action.OPEN, at_rest(S.WAITING), actor, {})
        assert isinstance(wrong, Refused) and wrong.code == "relation"
