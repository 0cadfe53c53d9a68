"""Prefect's own scheduler makes the runs of our schedules, which the embedded executor then finds.

It did not with SQLAlchemy 2.1: inserting scheduled runs failed on the server, every five seconds, and nothing was ever scheduled.
"""

import time

import pytest
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId

from runtime.deployments import register

pytestmark = pytest.mark.prefect

SCHEDULED_WITHIN_S = 20


def test_every_schedule_gets_runs(prefect):
    registered = register(prefect)
    ids = list(registered.housekeeping)
    until = time.monotonic() + SCHEDULED_WITHIN_S
    scheduled: set[object] = set()
    while scheduled != set(ids) and time.monotonic() < until:
        runs = prefect.read_flow_runs(deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=ids)), limit=200)
        scheduled = {run.deployment_id for run in runs if run.auto_scheduled}
        time.sleep(0.3)

    assert scheduled == set(ids)
