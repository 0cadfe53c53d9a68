"""The relay wakes what has something to see: not too often, never too little, whatever fails meanwhile."""

from uuid import UUID, uuid4

import pytest

from runtime.relay import AT_ONCE, Relay
from runtime.runs import Condition, ServerGone
from tests.runtime.fakes import FakeRuns, FakeWorkflows, a_workflow


def relay_over(workflows: FakeWorkflows, runs: FakeRuns, held: frozenset[UUID] = frozenset()) -> Relay:
    return Relay(workflows, runs, lambda: held)


def test_a_new_workflow_gets_a_flow_run():
    workflows, runs = FakeWorkflows.of(a_workflow(4)), FakeRuns()

    assert relay_over(workflows, runs).wake_dirty(now=0) == 1

    assert workflows.stored[4].flow_run_id == runs.made[4, 0]
    assert workflows.stored[4].woken == workflows.stored[4].wake


def test_a_waiting_flow_run_is_resumed():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow(flow_run_id=run, wake=7, woken=6)), FakeRuns({run: Condition.WAITING})

    relay_over(workflows, runs).wake_dirty(now=0)

    assert runs.woken == [run]
    assert workflows.stored[1].woken == 7


def test_what_happens_while_it_wakes_is_woken_for_later():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow(flow_run_id=run, wake=7)), FakeRuns({run: Condition.WAITING})
    workflows.when_read = lambda: workflows.act(1)

    relay_over(workflows, runs).wake_dirty(now=0)

    assert workflows.stored[1].woken == 7
    assert workflows.stored[1].wake == 8


def test_many_acts_within_seconds_are_one_wake():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow(flow_run_id=run)), FakeRuns({run: Condition.WAITING})
    relay = relay_over(workflows, runs)
    for tenth in range(29):
        workflows.act(1)
        relay.wake_dirty(now=tenth / 10)
        runs.all_wait()
    assert len(runs.woken) == 1

    relay.wake_dirty(now=3.0)

    assert len(runs.woken) == 2
    assert workflows.stored[1].woken == workflows.stored[1].wake


def test_a_refused_wake_backs_off_and_stays_dirty():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow(flow_run_id=run)), FakeRuns({run: Condition.WAITING}, refusing=True)
    relay = relay_over(workflows, runs)

    assert relay.wake_dirty(now=0) == 0
    assert workflows.stored[1].woken == 0
    runs.refusing = False
    assert relay.wake_dirty(now=0.9) == 0, "still backing off"
    assert relay.wake_dirty(now=1.0) == 1


def test_a_run_that_is_running_is_woken_again_later():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow(flow_run_id=run)), FakeRuns({run: Condition.RUNNING})
    relay = relay_over(workflows, runs)

    relay.wake_dirty(now=0)
    assert workflows.stored[1].woken == 0
    runs.all_wait()
    relay.wake_dirty(now=1.0)

    assert runs.woken == [run]


def test_one_refusal_does_not_hold_up_the_others():
    stuck, fine = uuid4(), uuid4()
    workflows = FakeWorkflows.of(a_workflow(1, flow_run_id=stuck), a_workflow(2, flow_run_id=fine))
    runs = FakeRuns({stuck: Condition.RUNNING, fine: Condition.WAITING})

    relay_over(workflows, runs).wake_dirty(now=0)

    assert runs.woken == [fine]


def test_a_server_that_is_down_loses_nothing():
    workflows, runs = FakeWorkflows.of(a_workflow()), FakeRuns(down=True)
    relay = relay_over(workflows, runs)

    with pytest.raises(ServerGone):
        relay.wake_dirty(now=0)
    runs.down = False
    relay.wake_dirty(now=0)

    assert workflows.stored[1].woken == 1


def test_a_run_that_ended_gets_a_successor():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow(flow_run_id=run, generation=2)), FakeRuns({run: None})

    relay_over(workflows, runs).wake_dirty(now=0)

    assert workflows.stored[1].generation == 3
    assert workflows.stored[1].flow_run_id == runs.made[1, 3]


def test_a_run_made_before_a_crash_is_taken_over():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow()), FakeRuns({run: Condition.WAITING}, made={(1, 0): run})

    relay_over(workflows, runs).wake_dirty(now=0)

    assert workflows.stored[1].flow_run_id == run
    assert runs.woken == [run]


def test_runs_that_prefect_remembers_from_another_database_are_not_taken_over():
    ended = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow()), FakeRuns({ended: None}, made={(1, 0): ended})
    relay = relay_over(workflows, runs)

    relay.wake_dirty(now=0)
    relay.wake_dirty(now=10)

    assert workflows.stored[1].flow_run_id == runs.made[1, 1]


def test_a_finished_workflow_gets_no_successor():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow(flow_run_id=run)), FakeRuns({run: None})
    workflows.done = {1}

    relay_over(workflows, runs).wake_dirty(now=0)

    assert not runs.made
    assert workflows.stored[1].woken == workflows.stored[1].wake


def test_it_runs_no_further_ahead_than_the_executor_keeps_up():
    workflows, runs = FakeWorkflows.of(*(a_workflow(number) for number in range(40))), FakeRuns()
    busy = frozenset(uuid4() for _ in range(AT_ONCE - 3))

    assert relay_over(workflows, runs, busy).wake_dirty(now=0) == 3

    assert [workflows.stored[number].woken for number in range(5)] == [1, 1, 1, 0, 0], "in the order of urgency"


def test_a_run_in_the_executor_is_left_alone():
    run = uuid4()
    workflows, runs = FakeWorkflows.of(a_workflow(flow_run_id=run)), FakeRuns({run: Condition.RUNNING})

    assert relay_over(workflows, runs, frozenset({run})).wake_dirty(now=0) == 0
