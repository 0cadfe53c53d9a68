"""Finds flow runs that are missing, ended or stuck, and lets the relay replace them.

A wiped Prefect database, a run cancelled by hand, a process killed in the middle of a wake: each leaves an unfinished workflow without a
run that could be woken. Repair gives the workflow a new generation and marks it dirty; the relay makes the run when its turn comes, in
order of urgency.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from runtime.runs import Condition, Outcome, Runs, Seen
from runtime.workflows import Workflows
from services.wakes import Dirty

TAKEN_FOR_DEAD_AFTER = timedelta(minutes=10)
"""On workers elsewhere, a wake that runs so long is dead: it takes a second."""

Stuck = Callable[[Seen], bool]
log = logging.getLogger("dondoc.repair")


def stuck_here(_run: Seen) -> bool:
    """A run that is running but not in our executor, when nobody else runs any, belonged to a process that is gone."""
    return True


def stuck_elsewhere(now: Callable[[], datetime]) -> Stuck:
    """The same for runs on workers, of which we only see the state; ``now`` is real time, as in Prefect's states."""
    return lambda run: now() - run.since >= TAKEN_FOR_DEAD_AFTER


class Repair:
    """One look at all workflows and all unfinished runs. ``held``: the flow runs in our executor, which are not lost."""

    def __init__(self, workflows: Workflows, runs: Runs, held: Callable[[], frozenset[UUID]], stuck: Stuck) -> None:
        self._workflows = workflows
        self._runs = runs
        self._held = held
        self._stuck = stuck

    def look(self) -> int:
        """Disown every lost run; how many there were. Runs that no workflow owns any more are made to end."""
        held = self._held()  # before looking, and again after: a run that ends in between must not be taken for stuck
        live = self._workflows.live()
        seen = {run.flow_run_id: run for run in self._runs.unfinished()}
        held |= self._held()
        lost = [item for item in live if item.flow_run_id not in held and self._lost(item, seen)]
        for item in lost:
            log.warning("workflow %s: flow run %s is lost", item.workflow_id, item.flow_run_id)
            self._workflows.disown(item.workflow_id)
        owned = {item.flow_run_id for item in live} | held
        for run in seen.values():
            if run.flow_run_id not in owned:
                self._end(run)
        return len(lost)

    def _lost(self, item: Dirty, seen: dict[UUID, Seen]) -> bool:
        if item.flow_run_id is None:
            return item.wake <= item.woken  # a dirty one only waits for its turn
        run = seen.get(item.flow_run_id)
        if run is None:  # ended, unknown, or it changed page while we read: asking for it alone tells
            return self._runs.wake(item.flow_run_id) is Outcome.LOST and not self._workflows.finished(item.workflow_id)
        if run.condition is Condition.RUNNING and self._stuck(run):
            self._runs.crash(run.flow_run_id, "Tiến trình chạy lượt này không còn.")
            return True
        return False

    def _end(self, run: Seen) -> None:
        """A waiting run is woken, finds that it is no longer the one, and completes; a stuck one is closed."""
        if run.condition is Condition.WAITING:
            self._runs.wake(run.flow_run_id)
        elif run.condition is Condition.RUNNING and self._stuck(run):
            self._runs.crash(run.flow_run_id, "Không quy trình nào còn dùng lượt này.")
