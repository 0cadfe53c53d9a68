"""A workflow's life in Prefect: one flow run, suspended while people work, woken when there is something to see.

It keeps nothing between two wakes and takes nothing from the one who woke it: each wake reads what is there. Told late, or twice,
it does the same.
"""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from tasks.mirror_steps import forget, mirror_steps
from tasks.open_due import open_due
from tasks.this_run import flow_run, show_tags
from tasks.view import read_view
from tasks.wait import wait_for_people

REPLACED = "Thay bằng lượt mới"
FINISHED = "Hoàn thành"


@flow(name="key-task-workflow", persist_result=False)
def key_task_workflow(workflow_id: int, generation: int) -> State[Any]:
    """One wake of the flow run of ``workflow_id``. ``generation``: which of the workflow's flow runs this is; only the latest counts."""
    open_due(workflow_id)
    view = read_view(workflow_id)
    if view.generation != generation:
        forget(flow_run().id)
        return Completed(name=REPLACED)
    mirror_steps(view.steps)
    show_tags(view.tags)
    if not view.finished:
        raise wait_for_people(view.state_name)
    forget(flow_run().id)
    return Completed(name=FINISHED)
