"""Ending a wake by waiting for people, for as long as it takes."""

from __future__ import annotations

from prefect.client.schemas.objects import State
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import Abort, Pause
from prefect.states import Paused

from tasks.this_run import client, flow_run


def wait_for_people(state_name: str) -> Pause:
    """Suspend the flow run under ``state_name``, which a supervisor reads in Prefect's lists. Gives what the flow is to raise: by
    Prefect's `Pause` the engine leaves the run as it stands.

    ``reschedule``: a resumed run is run again from the start, by whatever process is there. Without a timeout: waits may last years.
    """
    waiting: State[None] = Paused(name=state_name, reschedule=True)
    run = flow_run()
    answer = client().set_flow_run_state(run.id, waiting)
    if answer.status is not SetStateStatus.ACCEPT:
        raise Abort(f"flow run {run.id} may not wait: {answer.details}")
    run.state = answer.state
    return Pause(state=waiting)
