"""What time brings to steps, and the overview that supervisors have of it in Prefect."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.run_name import named
from tasks.sweep import show_overdue, show_plans, sweep


@flow(name="sweep-deadlines", flow_run_name=named("Quét thời hạn"), persist_result=False)
def sweep_deadlines() -> State[Any]:
    """Sweep, then show what came of it."""
    result = sweep()
    overdue = show_overdue()
    show_plans()
    news = f" · {len(result.overdue)} mới" if result.overdue else ""
    return Completed(name=f"Quá hạn {overdue} bước{news}")
