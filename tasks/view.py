"""Reads what a workflow's flow run shows."""

from __future__ import annotations

from engine.errors import NotFound
from services.flow_view import FlowView, flow_view
from tasks.app import app
from tasks.attempts import attempts


@attempts(3)
def read_view(workflow_id: int) -> FlowView:
    """The workflow as it is now; `NotFound` if there is none."""
    here = app()
    view = flow_view(here.db, workflow_id, now=here.now())
    if view is None:
        raise NotFound(f"workflow {workflow_id}")
    return view
