"""An unfinished workflow never stays without a flow run that can be woken. Break `Repair.look` and these are red."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from runtime.relay import Relay
from runtime.repair import Repair, stuck_elsewhere, stuck_here
from runtime.runs import Condition
from tests.runtime.fakes import SOME_TIME, FakeRuns, FakeWorkflows, a_workflow


def quiet(run: UUID, number: int = 1):
    """A workflow whose flow run has seen everything."""
    return a_workflow(number, flow_run_id=run, wake=5, woken=5)


def repair_over(workflows: FakeWorkflows, runs: FakeRuns, held: frozenset[UUID] = frozenset(), stuck=stuck_here) -> Repair:
    return Repair(workflows, runs, lambda: held, stuck)


def test_a_healthy_run_is_left_alone():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(quiet(run)), FakeRuns({run: Condition.WAITING})

    assert repair_over(workflows, runs).look() == 0
    assert not runs.woken


@pytest.mark.parametrize("known", [False, True], ids=["Prefect's database was wiped", "failed, crashed or cancelled by hand"])
def test_a_lost_run_is_replaced_in_its_turn(known):
    run = uuid4()
    workflows, runs = FakeWorkflows.of(quiet(run)), FakeRuns({run: None} if known else {})

    assert repair_over(workflows, runs).look() == 1
    Relay(workflows, runs, frozenset).wake_dirty(now=0)

    assert workflows.stored[1].flow_run_id == runs.made[1, 1]


def test_a_killed_run_is_closed_and_replaced():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(quiet(run)), FakeRuns({run: Condition.RUNNING})

    assert repair_over(workflows, runs).look() == 1

    assert runs.crashed == [run]
    assert workflows.stored[1].generation == 1


def test_a_run_in_our_executor_is_not_stuck():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(quiet(run)), FakeRuns({run: Condition.RUNNING})

    assert repair_over(workflows, runs, held=frozenset({run})).look() == 0


def test_a_run_that_ends_while_we_look_is_not_stuck():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(quiet(run)), FakeRuns({run: Condition.RUNNING})
    held = iter([frozenset({run}), frozenset[UUID]()])

    assert Repair(workflows, runs, lambda: next(held), stuck_here).look() == 0


def test_on_workers_a_run_is_given_time():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(quiet(run)), FakeRuns({run: Condition.RUNNING})

    assert repair_over(workflows, runs, stuck=stuck_elsewhere(lambda: SOME_TIME + timedelta(minutes=9))).look() == 0
    assert repair_over(workflows, runs, stuck=stuck_elsewhere(lambda: SOME_TIME + timedelta(minutes=11))).look() == 1


def test_a_crash_between_giving_up_and_marking_is_mended():
    workflows, runs = FakeWorkflows.of(a_workflow(generation=3, wake=5, woken=5)), FakeRuns()

    assert repair_over(workflows, runs).look() == 1
    assert workflows.stored[1].wake > workflows.stored[1].woken


def test_a_workflow_that_waits_for_its_first_run_is_not_lost():
    workflows, runs = FakeWorkflows.of(a_workflow()), FakeRuns()

    assert repair_over(workflows, runs).look() == 0


def test_a_finished_workflow_needs_no_run():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(quiet(run)), FakeRuns({run: None})
    workflows.done = {1}

    assert repair_over(workflows, runs).look() == 0


def test_runs_that_nobody_owns_are_made_to_end():
    old, dead = uuid4(), uuid4()
    runs = FakeRuns({old: Condition.WAITING, dead: Condition.RUNNING})

    repair_over(FakeWorkflows(), runs).look()

    assert runs.woken == [old], "it wakes, finds that it is replaced, and completes"
    assert runs.crashed == [dead]
