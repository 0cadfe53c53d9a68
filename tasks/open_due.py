"""Opens what can open in one workflow: an effect of each wake."""

from __future__ import annotations

from services.open_due import open_due as open_due_steps
from tasks.app import app
from tasks.attempts import attempts


@attempts(3)
def open_due(workflow_id: int) -> list[int]:
    """The ids of the steps that opened because their day has come or what they waited for has passed."""
    here = app()
    return open_due_steps(here.db, workflow_id, now=here.now(), calendar=here.calendar())
