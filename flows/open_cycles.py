"""The workflows of the cycles that open today."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.run_name import named
from tasks.open_cycles import open_new_cycles


@flow(name="open-cycles", flow_run_name=named("Mở kỳ mới"), persist_result=False)
def open_cycles() -> State[Any]:
    """Create what opens by today."""
    made = open_new_cycles()
    return Completed(name=f"Mở {made} quy trình" if made else "Không có kỳ mới")
