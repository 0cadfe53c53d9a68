"""The day's backup."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.run_name import named
from tasks import keep


@flow(name="backup", flow_run_name=named("Sao lưu"), persist_result=False)
def backup() -> State[Any]:
    """Make it, and say how much it was."""
    made = keep.back_up()
    return Completed(name=f"{made[0]} mục nhật ký · {made[1] / 1024**2:.1f} MB" if made else "Hôm nay đã có bản sao lưu")
