"""The transition table as a property of everything that can happen: people try all sorts of things, days go by, and the table holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from engine import decide as deciding
from engine import gates
from engine.decide import HANDLERS, relations_to
from engine.errors import DondocError
from engine.gates import initial
from engine.statuses import PASSED, WorkStatus
from engine.step_state import Effect, StepState
from engine.transitions import Action, find, rows_from
from tests.engine.office import Command, Office, Place
from tests.engine.people import EVERYBODY, PLAN, STAFF, START, complete, payloads

S = WorkStatus
PEOPLE_ACT = [action for action in Action if action in HANDLERS]


class Life(RuleBasedStateMachine):
    """A workflow's life: anybody tries anything, sensible or not."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(PLAN, START)
        self.log: list[Command | int] = []

    @rule(data=st.data())
    def somebody_does_something_possible(self, data: st.DataObject) -> None:
        """Mostly what the table has for the step's status, mostly by somebody who may."""
        step = data.draw(st.sampled_from(list(self.office.steps.values())))
        row = data.draw(st.sampled_from(rows_from(step.status)))
        able = [p for p in EVERYBODY if relations_to(step, self.office.workflow, p) & row.who]
        actor = data.draw(st.sampled_from(able or list(EVERYBODY)))
        self._try(actor, row.action, step, data.draw(payloads(self.office, step)))

    @rule(data=st.data(), actor=st.sampled_from(EVERYBODY), action=st.sampled_from(PEOPLE_ACT))
    def anybody_tries_anything(self, data: st.DataObject, actor: Any, action: Action) -> None:
        step = data.draw(st.sampled_from(list(self.office.steps.values())))
        self._try(actor, action, step, data.draw(payloads(self.office, step)))

    @rule(days=st.integers(1, 30))
    def days_go_by(self, days: int) -> None:
        self.office.wait(days)
        self.log.append(days)

    def _try(self, actor: Any, action: Action, step: StepState, payload: dict[str, Any]) -> None:
        place = (step.code, step.slot)
        before, counts = dict(self.office.steps), self.office.counts
        self.log.append(Command(actor, action, place, payload, self.office.today))
        try:
            self.office.try_(actor, action, place, payload)
        except DondocError:
            assert self.office.steps == before and self.office.counts == counts
        else:
            self._follows_the_table(action, place, before)

    def _follows_the_table(self, action: Action, place: Place, before: dict[Place, StepState]) -> None:
        for other, step in self.office.steps.items():
            was = before[other].status
            if step.status is was:
                continue
            if other == place:
                row = find(action, was)
                assert row is not None and step.status in row.to, f"{action}: {was} -> {step.status}"
                assert was not in PASSED or action is Action.REOPEN
            else:
                assert {was, step.status} == {S.WAITING, S.OPEN}, f"{action} on {place}: {other} went {was} -> {step.status}"

    @invariant()
    def counts_are_those_of_the_steps(self) -> None:
        recounted = initial((s.code, s.status) for s in self.office.steps.values())
        kept = {code: {name: n for name, n in entry.items() if name != "excused"} for code, entry in self.office.counts.items()}
        assert kept == recounted

    @invariant()
    def every_step_has_exactly_one_known_lead_who_confirms_nothing_of_its_own(self) -> None:
        for step in self.office.steps.values():
            assert step.lead in STAFF
            assert all(step.lead not in link.units for link in self.office.chain(step))

    @invariant()
    def a_submitted_step_waits_for_somebody(self) -> None:
        for step in self.office.steps.values():
            if step.status is S.SUBMITTED:
                link = self.office.chain(step)[step.link]
                assert set(link.units) - set(step.link_approved) and step.round > 0 and step.submitted_on is not None

    def teardown(self) -> None:
        self._the_same_commands_lead_to_the_same_state()
        complete(self.office)

    def _the_same_commands_lead_to_the_same_state(self) -> None:
        again = Office(PLAN, START)
        for command in self.log:
            if isinstance(command, int):
                again.wait(command)
                continue
            try:
                again.try_(command.actor, command.action, command.place, command.payload)
            except DondocError:
                continue
        assert (again.steps, again.counts) == (self.office.steps, self.office.counts)


LIVES = settings(max_examples=80, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
SAME_LIVES = settings(LIVES, max_examples=40, phases=[Phase.generate], derandomize=True)


def test_no_path_leaves_the_table_and_every_workflow_can_be_completed_from_wherever_it_is() -> None:
    run_state_machine_as_test(Life, settings=LIVES)


def _finished_steps_can_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, Action.COMMENT, lambda _: Effect({"status": S.OPEN}))
    monkeypatch.setattr(deciding, "_stays_in_table", lambda *_: None)


def _joins_never_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "needed", lambda _, live: live + 1)


def _resuming_forgets_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, Action.RESUME, lambda _: Effect({"status": S.SUBMITTED}))
    monkeypatch.setattr(deciding, "_stays_in_table", lambda *_: None)


def _suspending_depends_on_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, suspend = iter(range(10, 10**9)), HANDLERS[Action.SUSPEND]

    def suspended(situation: Any) -> Effect:
        effect = suspend(situation)
        return replace(effect, changes={**effect.changes, "extensions": next(numbers)})

    monkeypatch.setitem(HANDLERS, Action.SUSPEND, suspended)


FAULTS = (_finished_steps_can_be_opened, _joins_never_open, _resuming_forgets_where_it_was, _suspending_depends_on_chance)


@pytest.mark.parametrize("plant", FAULTS)
def test_a_planted_fault_shows(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises((AssertionError, IndexError)):
        run_state_machine_as_test(Life, settings=SAME_LIVES)
