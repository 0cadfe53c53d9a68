"""Wakes the flow runs of workflows that have something to see.

A fact that matters to the flow raises the workflow's ``wake`` counter in its own transaction; the relay compares it with the one
last woken. So no wake-up is lost, whatever was down, and waking twice is harmless: a wake only reads what is there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from uuid import UUID

from runtime.pace import Pace
from runtime.runs import NewRun, Outcome, Runs, ServerRefused
from runtime.workflows import Workflows
from services.wakes import Dirty

AT_ONCE = 8
"""So many runs are handed over ahead of the executor. More would only wait there as "late", and the order of urgency would age."""

log = logging.getLogger("dondoc.relay")


class Relay:
    """One round at a time; the caller decides how often. ``held``: the flow runs that our executor holds, queued or running."""

    def __init__(self, workflows: Workflows, runs: Runs, held: Callable[[], frozenset[UUID]], pace: Pace | None = None) -> None:
        self._workflows = workflows
        self._runs = runs
        self._held = held
        self._pace = pace or Pace()

    def wake_dirty(self, now: float) -> int:
        """Wake what is dirty, the most urgent first, as far as the executor keeps up; how many were woken.

        The counter recorded is the one read here, before waking: what is written in between leaves the workflow dirty.
        """
        held = self._held()
        room = AT_ONCE - len(held)
        woken = 0
        for item in self._workflows.dirty(AT_ONCE * 8) if room > 0 else ():
            if woken >= room:
                break
            if item.flow_run_id in held or not self._pace.may(item.workflow_id, now):
                continue
            woken += self._wake(item, now)
        self._pace.forget_past(now)
        return woken

    def _wake(self, item: Dirty, now: float) -> bool:
        try:
            outcome = self._begin(item)
        except ServerRefused as refusal:
            log.warning("workflow %s: %s", item.workflow_id, refusal)
            outcome = Outcome.BUSY
        if outcome is Outcome.BUSY:
            self._pace.refused(item.workflow_id, now)
            return False
        self._workflows.record_woken(item.workflow_id, item.wake)
        self._pace.woken(item.workflow_id, now)
        return True

    def _begin(self, item: Dirty) -> Outcome:
        """Resume the workflow's flow run, or make one where there is none that can be resumed."""
        if item.flow_run_id is None:
            return self._create(item, item.generation)
        outcome = self._runs.wake(item.flow_run_id)
        if outcome is not Outcome.LOST:
            return outcome
        if self._workflows.finished(item.workflow_id):
            return Outcome.WOKEN  # nobody is left who would have to see anything
        log.warning("workflow %s: flow run %s is lost, replaced", item.workflow_id, item.flow_run_id)
        return self._create(item, self._workflows.next_generation(item.workflow_id))

    def _create(self, item: Dirty, generation: int) -> Outcome:
        run, outcome = self._runs.create(NewRun(item.workflow_id, generation, item.name, item.tags))
        if outcome is Outcome.LOST:  # Prefect knows a run of that name from an earlier life: the next round takes the next number
            self._workflows.next_generation(item.workflow_id)
            return Outcome.BUSY
        self._workflows.record_run(item.workflow_id, generation, run)
        return outcome
