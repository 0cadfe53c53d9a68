"""Steps as whoever plays the units needs them: what the rules depend on, read by id or by workflow."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, bindparam, select

from engine.step_state import FIELDS
from models.tables import plan, step, workflow

_COLUMNS = (step.c.workflow_id, step.c.planned_on, step.c.not_before, *(step.c[name] for name in FIELDS))
_STEPS = select(*_COLUMNS).order_by(step.c.id)
_BY_IDS = _STEPS.where(step.c.id.in_(bindparam("ids", expanding=True)))
_OF_WORKFLOW = _STEPS.where(step.c.workflow_id == bindparam("workflow"))
_WORKFLOW = select(
    workflow.c.id, workflow.c.key_task, workflow.c.code, workflow.c.cycle, workflow.c.first_on, workflow.c.last_on, workflow.c.anchor_on,
    workflow.c.opens_on,
)  # fmt: skip


def by_ids(connection: Connection, ids: Sequence[int]) -> list[RowMapping]:
    """The steps with ``ids``, ascending."""
    return list(connection.execute(_BY_IDS, {"ids": list(ids)}).mappings())


def of_workflow(connection: Connection, workflow_id: int) -> list[RowMapping]:
    """Every step of a workflow, by id."""
    return list(connection.execute(_OF_WORKFLOW, {"workflow": workflow_id}).mappings())


def workflows(connection: Connection, plan_id: int) -> list[RowMapping]:
    """The workflows of a plan with their versions and names, by id."""
    columns = (workflow.c.id, workflow.c.version_id, workflow.c.key_task, workflow.c.code, workflow.c.cycle, workflow.c.finished_at)
    query = select(*columns).where(workflow.c.plan_id == plan_id)
    return list(connection.execute(query.order_by(workflow.c.id)).mappings())


def version_in_force(connection: Connection, plan_id: int) -> int:
    """The version of a plan that cycles open under."""
    return int(connection.execute(select(plan.c.version_id).where(plan.c.id == plan_id)).scalar_one())


def workflow_row(connection: Connection, workflow_id: int) -> RowMapping:
    """The workflow's names and cycle."""
    return connection.execute(_WORKFLOW.where(workflow.c.id == workflow_id)).mappings().one()
