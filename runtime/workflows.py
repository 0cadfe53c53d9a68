"""The relay's view of our database: workflows whose flow run has something to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

from engine.instants import Now
from models.database import Database
from services import wakes
from services.flow_view import flow_view
from services.wakes import Dirty


class Workflows(Protocol):
    """What the relay needs to know of workflows."""

    def dirty(self, limit: int) -> Sequence[Dirty]: ...
    def live(self) -> Sequence[Dirty]: ...
    def record_woken(self, workflow_id: int, wake: int) -> None: ...
    def record_run(self, workflow_id: int, generation: int, flow_run_id: UUID) -> None: ...
    def next_generation(self, workflow_id: int) -> int: ...
    def disown(self, workflow_id: int) -> None: ...
    def finished(self, workflow_id: int) -> bool: ...


class StoredWorkflows:
    """`Workflows` in our database."""

    def __init__(self, db: Database, now: Callable[[], Now]) -> None:
        self._db = db
        self._now = now

    def dirty(self, limit: int) -> Sequence[Dirty]:
        """Workflows to be woken, the most urgent first."""
        return wakes.dirty(self._db, limit)

    def live(self) -> Sequence[Dirty]:
        """Every unfinished workflow, the most urgent first."""
        return wakes.live(self._db)

    def record_woken(self, workflow_id: int, wake: int) -> None:
        """The flow run will see everything up to ``wake``."""
        wakes.record_woken(self._db, workflow_id, wake, self._now().system)

    def record_run(self, workflow_id: int, generation: int, flow_run_id: UUID) -> None:
        """The workflow's flow run of this generation."""
        wakes.record_run(self._db, workflow_id, generation, flow_run_id)

    def next_generation(self, workflow_id: int) -> int:
        """Give up the present flow run; the number of the next."""
        return wakes.next_generation(self._db, workflow_id)

    def disown(self, workflow_id: int) -> None:
        """Give up the present flow run and have another one made. In this order: a crash in between leaves a workflow without a run, which
        repair sees."""
        wakes.next_generation(self._db, workflow_id)
        wakes.mark_dirty(self._db, workflow_id)

    def finished(self, workflow_id: int) -> bool:
        """Whether nothing is left to be done in the workflow, or there is none."""
        view = flow_view(self._db, workflow_id, now=self._now())
        return view is None or view.finished
