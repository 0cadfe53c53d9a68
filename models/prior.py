"""Statements on steps that were due before tracking began, and on what waits for somebody's consent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from models.tables import prior_result, proposed, step, workflow


def prior_steps(connection: Connection, plan_id: int) -> list[RowMapping]:
    """Every prior step of a plan with its workflow's names and version, and what is known of it, in order."""
    query = (
        select(
            step.c.id, step.c.workflow_id, step.c.code, step.c.slot, step.c.lead, step.c.due_on, step.c.planned_on,
            workflow.c.version_id, workflow.c.key_task, workflow.c.code.label("workflow_code"), workflow.c.cycle, workflow.c.confidential,
            prior_result.c.done, prior_result.c.number, prior_result.c.dated_on,
        )
        .join(workflow, workflow.c.id == step.c.workflow_id)
        .join(prior_result, prior_result.c.step_id == step.c.id, isouter=True)
        .where(step.c.plan_id == plan_id, step.c.status == "prior")
        .order_by(workflow.c.id, step.c.position, step.c.id)
    )  # fmt: skip
    return list(connection.execute(query).mappings())


def put_result(connection: Connection, values: dict[str, Any], *, known: bool) -> None:
    """Write what is known of a prior step."""
    if known:
        connection.execute(update(prior_result).where(prior_result.c.step_id == values["step_id"]).values(values))
    else:
        connection.execute(insert(prior_result), values)


def results_of(connection: Connection, workflow_id: int) -> dict[int, RowMapping]:
    """What is known of a workflow's steps that are prior now, by step; None values where nothing is."""
    query = (
        select(step.c.id, prior_result.c.step_id, prior_result.c.done, prior_result.c.number, prior_result.c.dated_on)
        .join(prior_result, prior_result.c.step_id == step.c.id, isouter=True)
        .where(step.c.workflow_id == workflow_id, step.c.status == "prior")
    )
    return {row["id"]: row for row in connection.execute(query).mappings()}


def keep(connection: Connection, values: dict[str, Any], now: datetime) -> None:
    """Keep what somebody proposes; what is older than its time is forgotten."""
    connection.execute(delete(proposed).where(proposed.c.until < now))
    connection.execute(insert(proposed), values)


def kept(connection: Connection, token: str, account_id: int, kind: str) -> RowMapping | None:
    """What an account proposed under ``token``."""
    own = (proposed.c.token == token, proposed.c.account_id == account_id, proposed.c.kind == kind)
    return connection.execute(select(proposed).where(*own)).mappings().one_or_none()
