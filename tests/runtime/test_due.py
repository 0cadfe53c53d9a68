"""After days away one late run of each schedule is enough."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from prefect.client.schemas.objects import FlowRun

from runtime.due import latest_of_each

WORKFLOW, SWEEP, DIGEST = uuid4(), uuid4(), uuid4()
MORNING = datetime(2024, 7, 15, 1, tzinfo=UTC)


def a_run(deployment, minutes=0):
    return FlowRun(id=uuid4(), flow_id=uuid4(), deployment_id=deployment, expected_start_time=MORNING + timedelta(minutes=minutes))


def test_the_latest_of_each_schedule_runs_and_the_others_are_passed_over():
    sweeps = [a_run(SWEEP, minutes) for minutes in (20, 0, 10)]
    digest = a_run(DIGEST)

    chosen, passed_over = latest_of_each([*sweeps, digest], everyone=WORKFLOW)

    assert {run.id for run in chosen} == {sweeps[0].id, digest.id}
    assert {run.id for run in passed_over} == {sweeps[1].id, sweeps[2].id}


def test_every_workflow_runs():
    workflows = [a_run(WORKFLOW, minutes) for minutes in range(5)]

    chosen, passed_over = latest_of_each(workflows, everyone=WORKFLOW)

    assert len(chosen) == 5
    assert not passed_over
