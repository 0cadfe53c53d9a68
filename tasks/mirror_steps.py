"""Shows the steps of a workflow as Prefect tasks of its flow run, with their state in words.

They are mirrors: nothing runs in them, so their states are forced. An overdue step stays "running" under the name "Quá hạn",
since a failed one could never move again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID, uuid5

from prefect import Task
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import State, TaskRun
from prefect.events import emit_event
from prefect.states import Cancelled, Completed, Running

from services.flow_view import FlowStep
from tasks.attempts import attempts
from tasks.mirrors import Change, Shown, changes, mirror_name
from tasks.this_run import client, flow_run

PAGE = 200
REMEMBERED = 2000
EVENT = "dondoc.step.overdue"
EVENT_IDS = UUID("5d2a6a0e-6a77-4f0c-9f3f-0a6f7a0c5d11")
_shown: OrderedDict[UUID, dict[int, Shown]] = OrderedDict()


def _nothing() -> None:
    """A mirror has no code of its own."""


STEP = Task(_nothing, name="step")
STEP.task_key = "dondoc-step"  # Prefect finds a mirror again by this and the step's id: it must outlive changes of code


@attempts(3)
def mirror_steps(steps: Iterable[FlowStep]) -> int:
    """Show ``steps`` in the flow run in hand; how many mirrors changed. About 20 ms of server time for each that does."""
    run = flow_run()
    shown = _remembered(run.id, first_time=run.run_count <= 1 and run.created == run.updated)
    found = changes(steps, shown)
    for change in found:
        shown[change.step.step_id] = _apply(run.id, change)
        if change.newly_overdue:
            announce(change.step)
    return len(found)


def forget(flow_run_id: UUID) -> None:
    """Drop what is remembered of a flow run that has ended."""
    _shown.pop(flow_run_id, None)


def _remembered(flow_run_id: UUID, *, first_time: bool) -> dict[int, Shown]:
    """What is shown: from memory, or asked of Prefect once after a start of this process."""
    if flow_run_id not in _shown:
        _shown[flow_run_id] = {} if first_time else _read(flow_run_id)
    _shown.move_to_end(flow_run_id)
    while len(_shown) > REMEMBERED:
        _shown.popitem(last=False)
    return _shown[flow_run_id]


def _read(flow_run_id: UUID) -> dict[int, Shown]:
    chosen = FlowRunFilter(id=FlowRunFilterId(any_=[flow_run_id]))
    shown: dict[int, Shown] = {}
    offset = 0
    while page := client().read_task_runs(flow_run_filter=chosen, limit=PAGE, offset=offset):
        shown |= {int(each.dynamic_key): _as_shown(each) for each in page if each.task_key == STEP.task_key}
        offset += PAGE
    return shown


def _as_shown(mirror: TaskRun) -> Shown:
    kind = mirror.state_type.value.lower() if mirror.state_type else ""
    return Shown(mirror.id, mirror.name, kind, mirror.state_name or "")


def _apply(flow_run_id: UUID, change: Change) -> Shown:
    step, shown = change.step, change.shown
    name, state = mirror_name(step), _state(step)
    if shown is None:
        made = client().create_task_run(
            STEP, flow_run_id=flow_run_id, dynamic_key=str(step.step_id), name=name, extra_tags=[step.unit], state=state
        )
        return Shown(made.id, name, step.mirror, step.state_name)
    if change.renamed:
        client().set_task_run_name(shown.task_run_id, name)
    if change.restated:
        client().set_task_run_state(shown.task_run_id, state, force=True)
    return Shown(shown.task_run_id, name, step.mirror, step.state_name)


def _state(step: FlowStep) -> State[None]:
    make = {"running": Running, "completed": Completed, "cancelled": Cancelled}[step.mirror]
    return make(name=step.state_name)


def announce(step: FlowStep) -> None:
    """Tell Prefect's automations that a step became overdue. Best effort: nothing of ours waits for it.

    The event's id comes from step and due day, so that the same overdue told twice can be told apart from two.
    """
    emit_event(
        EVENT,
        resource={"prefect.resource.id": f"dondoc.step.{step.step_id}", "prefect.resource.name": mirror_name(step)},
        payload={"unit": step.unit, "due_on": step.due_on.isoformat() if step.due_on else None},
        id=uuid5(EVENT_IDS, f"{step.step_id}:{step.due_on}"),
    )
