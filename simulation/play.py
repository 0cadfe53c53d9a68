"""The play: seeded, plausible units live through the plan day by day, over the services alone.

Each local day has its 00:05 (cycles and steps open, the sweep looks), 07:30 (the sweep, then mail) and 18:00 (mail); in between people
act. The same seed and plan give the same history: nothing reads a clock, and no order of a set is relied on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from engine.instants import Now, at_local, local_day
from engine.statuses import WorkStatus
from engine.step_state import StepState
from services.act import ActionResult
from services.open_cycles import open_cycles
from services.open_due import open_all_due
from services.sweep import sweep
from services.unit_settle import settle_units
from services.unreachable import watch_units
from simulation import agency, approvers, reports, slips, staffing, units
from simulation.amendments import amend_now_and_then
from simulation.moves import MOVES
from simulation.post import NO_POST, Post
from simulation.stage import Stage, Surprise
from simulation.temper import draw
from simulation.unplanned import Unplanned
from simulation.upheavals import plan_upheaval, upheaval_days

S = WorkStatus
NIGHT, MORNING, EVENING = (0, 5), (7, 30), (18, 0)
Hook = Callable[[datetime], None]


def nobody_watches(at: datetime) -> None:
    """Nothing is looked at."""


class Play:
    """A plan being lived through. ``after_sweep`` is called when the morning's sweep has looked, ``after_day`` when a day is over.

    ``outages``: local days on which people act and nothing else runs.
    """

    def __init__(
        self, stage: Stage, *, post: Post = NO_POST, outages: Collection[date] = (), after_sweep: Hook = nobody_watches,
        after_day: Hook = nobody_watches,
    ) -> None:  # fmt: skip
        self.stage, self.post, self.outages = stage, post, frozenset(outages)
        self.after_sweep, self.after_day = after_sweep, after_day
        self.unplanned = Unplanned(stage, self) if stage.unplanned else None
        self.upheavals: frozenset[date] = frozenset()

    def run(self, first: date, until: datetime) -> None:
        """Live from the start of the local day ``first`` to the instant ``until`` (exclusive)."""
        day, self.upheavals = first, upheaval_days(self.stage, first)
        while at_local(day, 0) < until:
            for duty, (hour, minute) in ((self._night, NIGHT), (self._morning, MORNING), (self._evening, EVENING)):
                at = at_local(day, hour, minute)
                self._act(min(at, until))
                if at >= until:
                    return
                if day not in self.outages:
                    duty(at)
                elif (hour, minute) == NIGHT:
                    staffing.night(self.stage, at)  # who stands in for whom needs no clockwork: it ends by itself
            self.after_day(at_local(day, *EVENING))
            day += timedelta(days=1)

    # ── what the clock brings ────────────────────────────────────────────────

    def _night(self, at: datetime) -> None:
        now, stage = Now(at, at), self.stage
        if local_day(at) in self.upheavals:
            plan_upheaval(stage, at)
        settle_units(stage.db, now=now)
        for step in stage.follow_units(local_day(at)):
            stage.work[step.id].era += 1
            self.go_on(step, at)
        staffing.night(stage, at)
        known = set(stage.work)
        self.came(amend_now_and_then(stage, at) or [], at)
        for step in stage.steps(sorted(stage.work.keys() - known)) if stage.work.keys() - known else ():
            agency.look_ahead(stage, step, at, at)
        for workflow_id in open_cycles(stage.db, now=now, calendar=stage.calendar):
            self.enter(workflow_id, at)
        self.came(open_all_due(stage.db, now=now, calendar=stage.calendar), at)
        self._sweep(at)

    def _morning(self, at: datetime) -> None:
        self._sweep(at)
        self.after_sweep(at)
        self.post.morning(self.stage.db, Now(at, at))

    def _evening(self, at: datetime) -> None:
        if self.unplanned:
            self.unplanned.act(at)
        self.post.evening(self.stage.db, Now(at, at))

    def _sweep(self, at: datetime) -> None:
        now, stage = Now(at, at), self.stage
        watch_units(stage.db, now=now)
        sweep(stage.db, now=now, calendar=stage.calendar)
        if (
            stage.twice
            and draw(stage.seed, "sweep", at).random() < stage.twice
            and sweep(stage.db, now=now, calendar=stage.calendar).crossed
        ):
            raise Surprise(f"the sweep of {at} found something the second time")

    def enter(self, workflow_id: int, at: datetime) -> None:
        """A workflow has come into being: those concerned make their plans."""
        if self.unplanned:
            self.unplanned.look_ahead(workflow_id)
        for step in self.stage.enter(workflow_id):
            if step.status is S.OPEN:
                self._take_on(step, at)
            units.look_ahead(self.stage, step, at)
            planned = step.due_on or local_day(at) + timedelta(days=30)
            agency.look_ahead(self.stage, step, at, max(at, at_local(planned, 9)))

    def came(self, opened: list[int], at: datetime) -> None:
        """Steps have come to their units."""
        for step in self.stage.steps(opened) if opened else ():
            self.stage.work[step.id].era += 1
            self._take_on(step, at)

    def _take_on(self, step: StepState, at: datetime) -> None:
        units.take_on(self.stage, step, at)
        agency.watch(self.stage, step, at)
        slips.begin(self.stage, step, at)

    # ── what people do ───────────────────────────────────────────────────────

    def _act(self, until: datetime) -> None:
        stage = self.stage
        for at, intent in stage.agenda.until(until):
            if not stage.stands(intent):
                continue
            step = stage.steps([intent.step_id])[0]
            move = MOVES[intent.kind]
            if step.status not in move.while_ or step.closed_on is not None:
                continue
            result = move.perform(stage, step, at, intent.data)
            if result is not None:
                self._follow(step, result, at)

    def _follow(self, before: StepState, result: ActionResult, at: datetime) -> None:
        """What an action sets going: for its own step, for those that opened, for those that wait again."""
        for fact in result.facts:
            if fact["kind"] == "step.waiting-again":
                self.stage.work[fact["step"]].era += 1
        after = S(result.status)
        if any(fact["kind"] == "step.extension-granted" for fact in result.facts):
            slips.after_extension(self.stage, self.stage.steps([before.id])[0], at)
        next_link = any(fact["kind"] == "step.link-approved" for fact in result.facts)
        new_lead = any(fact["kind"] == "step.reassigned" for fact in result.facts)
        if next_link or new_lead or (after is not before.status and (before.status, after) != (S.OPEN, S.IN_PROGRESS)):
            self.stage.work[before.id].era += 1
            if before.id not in result.opened:
                self.go_on(self.stage.steps([before.id])[0], at)
        self.came(list(result.opened), at)

    def go_on(self, step: StepState, at: datetime) -> None:
        """A step stands in a new status: somebody has the next move."""
        if step.status is S.SUBMITTED:
            approvers.take_up(self.stage, step, at)
        elif step.status is S.REFUSED:
            agency.after_refusal(self.stage, step, at)
        elif step.status is S.SUSPENDED:
            agency.after_suspending(self.stage, step, at)
        elif step.status in (S.DONE, S.CANCELLED, S.NOT_APPLICABLE):
            agency.settle(self.stage, step, at)
            reports.settle(self.stage, step, at)
            slips.settle(self.stage, step, at)
        elif step.status is S.OPEN or (step.status is S.IN_PROGRESS and not step.round):
            units.take_on(self.stage, step, at)
        elif step.status in (S.RETURNED, S.IN_PROGRESS):
            units.redo(self.stage, step, at)
