"""What no plan foresees, done by the standing agency itself: urgent letters that become assignments, and cycles that are closed.

An office does these between its other work; here at the end of a working day, so that what follows begins the next morning.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from engine.assignment import AD_HOC
from engine.cycle_close import Decision, Disposition, suggestion
from engine.instants import Now, local_day
from engine.statuses import WorkStatus
from engine.step_state import StepState, from_row
from models import closing
from services.assign import assign
from services.close_cycle import close_cycle
from services.reopen_cycle import reopen_cycle
from simulation import papers
from simulation.stage import Stage, Surprise
from simulation.temper import draw

if TYPE_CHECKING:
    from simulation.play import Play

S, D = WorkStatus, Disposition
LETTER = 0.006  # a working day's chance of an urgent letter, more in a play where much happens
CLOSED, REOPENED = 0.6, 0.15  # chances of a cycle being closed once it is over, and of that being taken back
TASKS = ("Kiểm tra, báo cáo kết quả thực hiện.", "Rà soát, báo cáo số liệu phục vụ đoàn công tác.", "Góp ý dự thảo văn bản của bộ, ngành.")
DISPOSITIONS = (D.LEAVE, D.LEAVE, D.LEAVE, D.CANCEL, D.CARRY)


class Unplanned:
    """Beside the agenda of steps: what becomes of whole workflows."""

    def __init__(self, stage: Stage, play: Play) -> None:
        self.stage, self.play = stage, play
        self.closings: dict[date, list[int]] = defaultdict(list)
        self.reopenings: dict[date, list[int]] = defaultdict(list)

    def look_ahead(self, workflow_id: int) -> None:
        """A workflow came into being: its cycle may be closed some weeks after it ended."""
        with self.stage.db.read() as connection:
            row = closing.workflow_row(connection, workflow_id)
        assert row is not None  # it was just made
        rng = draw(self.stage.seed, "close", row["key_task"], row["code"], row["cycle"])
        if rng.random() < CLOSED:
            day = self._worked(row["last_on"] + timedelta(days=rng.randint(3, 60)))
            self.closings[day].append(workflow_id)
            if rng.random() < REOPENED * min(3.0, self.stage.rare):
                self.reopenings[self._worked(day + timedelta(days=rng.randint(2, 20)))].append(workflow_id)

    def act(self, at: datetime) -> None:
        """The end of a day."""
        day, stage = local_day(at), self.stage
        for workflow_id in self.reopenings.pop(day, ()):
            self._reopen(workflow_id, at)
        for workflow_id in self.closings.pop(day, ()):
            self._close(workflow_id, at)
        rng = draw(stage.seed, "letter", day)
        if stage.calendar.is_working(day) and stage.rarely(rng, LETTER):
            self._assign(rng, day, at)

    def _worked(self, day: date) -> date:
        while not self.stage.calendar.is_working(day):
            day += timedelta(days=1)
        return day

    def _agency(self) -> dict[str, Any]:
        return {"actor": self.stage.staff.officer(self.stage.definition.standing_agency), "calendar": self.stage.calendar}

    def _assign(self, rng: Random, day: date, at: datetime) -> None:
        """A letter becomes an assignment; the form is sent twice."""
        stage, plan = self.stage, self.stage.definition
        able = [u.code for g in plan.groups for u in plan.units if u.code in g.units and (u.ends_on is None or u.ends_on > day)]
        able = [u for u in dict.fromkeys(able) if u not in (plan.standing_agency, plan.steering_committee, plan.authority)]
        form = {
            "number": papers.number(rng), "signed_on": day.isoformat(), "leader": "Chủ tịch UBND tỉnh", "text": rng.choice(TASKS),
            "leads": rng.sample(able, min(len(able), rng.randint(1, 5))), "evidence": "Báo cáo kết quả", "numbered": True,
            "due_on": stage.calendar.add(day, rng.randint(3, 20)).isoformat(), "urgent": rng.random() < 0.3,
            "confidential": rng.random() < 0.1,
        }  # fmt: skip
        made = assign(stage.db, form, key=f"{AD_HOC}:{day}", now=Now(at, at), **self._agency())
        if not assign(stage.db, form, key=f"{AD_HOC}:{day}", now=Now(at, at), **self._agency()).replayed:
            raise Surprise(f"the letter of {day} was assigned twice")
        stage.done["assign"] += 1
        self.play.enter(made.workflow_id, at)

    def _close(self, workflow_id: int, at: datetime) -> None:
        """What is open gets its suggestion, now and then something else."""
        stage, today = self.stage, local_day(at)
        with stage.db.read() as connection:
            before = [from_row(row) for row in closing.open_steps(connection, [workflow_id])]
        decisions = self._decisions(before, today)
        more = {"reason": "Kết thúc chu kỳ", "key": f"close:{workflow_id}:{today}", "now": Now(at, at), **self._agency()}
        close_cycle(stage.db, workflow_id, decisions, **more)
        if not close_cycle(stage.db, workflow_id, decisions, **more).replayed:
            raise Surprise(f"the cycle of workflow {workflow_id} was closed twice")
        stage.done["close-cycle"] += 1
        self._follow(before, at)

    def _decisions(self, steps: list[StepState], today: date) -> dict[int, Decision]:
        """One of what is possible for each step; what waits is never carried over, since it might wait for what is left."""
        found = {}
        for step in steps:
            rng = self.stage.rng(step, "closing")
            what = rng.choice(DISPOSITIONS) if rng.random() < 0.5 else suggestion(step, today)
            if what is D.CARRY and step.status is S.WAITING:
                what = D.LEAVE
            until = today + timedelta(days=rng.randint(10, 60)) if what is D.CARRY else None
            found[step.id] = Decision(what, "Xử lý khi kết sổ", until)
        return found

    def _reopen(self, workflow_id: int, at: datetime) -> None:
        stage = self.stage
        with stage.db.read() as connection:
            closed = closing.is_closed(connection, workflow_id)
            left = [from_row(row) for row in closing.left_steps(connection, workflow_id)]
        if not closed:
            return
        key = f"reopen:{workflow_id}:{local_day(at)}"
        reopen_cycle(stage.db, workflow_id, reason="Kết sổ nhầm", key=key, now=Now(at, at), **self._agency())
        stage.done["reopen-cycle"] += 1
        self._follow(left, at)

    def _follow(self, before: list[StepState], at: datetime) -> None:
        """Whoever had something in mind about these steps thinks again."""
        stood = {step.id: step.status for step in before}
        for step in self.stage.steps(list(stood)) if stood else ():
            if step.closed_on is not None or step.status is not stood[step.id]:
                self.stage.work[step.id].era += 1
            if step.closed_on is None and step.status is S.OPEN and stood[step.id] is S.WAITING:
                self.play.came([step.id], at)
            elif step.closed_on is None and step.status in (S.SUBMITTED, S.OPEN, S.IN_PROGRESS, S.RETURNED, S.REFUSED, S.SUSPENDED):
                self.stage.work[step.id].era += 1
                self.play.go_on(step, at)
