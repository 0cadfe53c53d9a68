"""The sweep: what time itself brings. It looks at steps whose next instant has come, notes that they are due soon or overdue, and puts the
rungs of the ladder into the outbox. Level-triggered and safe to run twice: a rung's key is unique per due date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.access import SYSTEM
from engine.calendar import WorkCalendar
from engine.facts import Fact
from engine.instants import Now
from engine.ladder import DEFAULT, Due, Ladders, next_after, rungs_between
from engine.rungs import Rung
from engine.statuses import WITH_UNIT, WorkStatus
from models import action_path, sweeping
from models.database import Database
from notifications.keys import rung_key
from notifications.policy import RUNG_URGENCY
from services.definitions import workflow_of
from services.journaling import entry, stream_of

S = WorkStatus


@dataclass
class SweepResult:
    """``crossed``: steps looked at; ``overdue`` and ``due_soon``: steps that became so; ``workflows``: those with something new."""

    crossed: int = 0
    notices: int = 0
    overdue: list[int] = field(default_factory=list)
    due_soon: list[int] = field(default_factory=list)
    workflows: list[int] = field(default_factory=list)


def sweep(
    db: Database, *, now: Now, calendar: WorkCalendar, limit: int = 1000, on_progress: Callable[[int], None] | None = None
) -> SweepResult:
    """Look at every step whose next instant is at or before ``now`` (business time), one transaction per workflow."""
    result = SweepResult()
    while True:
        with db.read() as connection:
            ids = sweeping.workflows_to_sweep(connection, now.business, limit)
        if not ids:
            return result
        for workflow_id in ids:
            with db.write() as connection:
                _sweep_workflow(connection, workflow_id, now, calendar, result)
            if on_progress:
                on_progress(result.crossed)


def _sweep_workflow(connection: Connection, workflow_id: int, now: Now, calendar: WorkCalendar, result: SweepResult) -> None:
    row = action_path.lock(connection, workflow_id)
    steps = sweeping.crossing_steps(connection, workflow_id, now.business) if row is not None else []
    if row is None or not steps:
        return
    stream, seq = stream_of(workflow_id), row["seq"] + 1
    of_step = workflow_of(connection, row).ladders
    facts: list[Fact] = []
    notices: list[dict[str, Any]] = []
    new = _new_rungs(connection, steps, now.business, calendar, of_step)
    for step in steps:
        marks = _marks(step, now.business)
        facts += marks
        sent, passed_over = of_each_the_latest(new[step["id"]])
        facts += [Fact("step.rung", {"step": step["id"], "rung": due.key, "due_version": rung_version(step, due.rung)}) for due in sent]
        shared = {"row": row, "step": step, "stream": stream, "seq": seq, "now": now}
        notices += [rung_notice(due, state="pending", **shared) for due in sent] + [
            rung_notice(due, state="passed-over", **shared) for due in passed_over
        ]
        result.overdue += [step["id"] for f in marks if f.kind == "step.overdue"]
        result.due_soon += [step["id"] for f in marks if f.kind == "step.due-soon"]
    sweeping.set_next(connection, [{"id_": s["id"], "next_": next_instant(s, now.business, calendar, of_step[s["code"]])} for s in steps])
    result.crossed += len(steps)
    if not facts:
        return
    made = entry(stream, seq, row["head"], actor=SYSTEM, action="sweep", facts=facts, now=now)
    action_path.add_entry(connection, made)
    action_path.add_notices(connection, notices)
    action_path.close_transaction(
        connection, workflow_id, {"seq": seq, "head": made["hash"]}, wakes=any(f.kind != "step.rung" for f in facts)
    )
    result.notices += len(notices)
    result.workflows.append(workflow_id)


def next_instant(step: Any, after: datetime, calendar: WorkCalendar, ladders: Ladders = DEFAULT) -> datetime | None:
    """The next instant after ``after`` at which the sweep must look at ``step``: a mark to cross or a rung to send."""
    ladder, due_on = ladder_of(step, ladders)
    instants = [at for at in (step["soon_at"], step["due_at"], step["approval_due_at"]) if at is not None and at > after]
    if due_on is not None and ladder:
        rung = next_after(ladder, due_on, after, calendar)
        instants += [rung] if rung else []
    return min(instants, default=None)


def ladder_of(step: Any, ladders: Ladders = DEFAULT) -> tuple[tuple[Rung, ...], Any]:
    """The ladder that runs for whoever holds the step's clock, and the day that it counts from. Nobody is reminded of a waiting step."""
    status = WorkStatus(step["status"])
    if status in WITH_UNIT:
        return ladders.due, step["due_on"]
    if status is S.SUBMITTED:
        return ladders.approval, step["approval_due_on"]
    return (), None


def _marks(step: Any, at: datetime) -> list[Fact]:
    """Marks crossed since the sweep last looked."""
    since = step["next_rung_at"]
    names = (("soon_at", "step.due-soon"), ("due_at", "step.overdue"), ("approval_due_at", "step.approval-overdue"))
    crossed = [kind for column, kind in names if step[column] is not None and since <= step[column] <= at]
    if "step.overdue" in crossed and "step.due-soon" in crossed:
        crossed.remove("step.due-soon")
    return [Fact(kind, {"step": step["id"]}) for kind in crossed]


def _new_rungs(
    connection: Connection, steps: Sequence[Any], at: datetime, calendar: WorkCalendar, of_step: Mapping[str, Ladders]
) -> dict[int, list[Due]]:
    """The rungs that each step has reached since it was looked at, in time order, without those that were told already."""
    reached: dict[int, tuple[Due, ...]] = {}
    keys: dict[tuple[int, str], str] = {}
    for step in steps:
        ladder, due_on = ladder_of(step, of_step[step["code"]])
        reached[step["id"]] = rungs_between(ladder, due_on, step["next_rung_at"], at, calendar) if due_on is not None else ()
        keys |= {(step["id"], d.key): rung_key(step["id"], d.key, rung_version(step, d.rung)) for d in reached[step["id"]]}
    told = sweeping.told_already(connection, list(keys.values()))
    return {id_: [d for d in due if keys[id_, d.key] not in told] for id_, due in reached.items()}


def of_each_the_latest(due: Sequence[Due]) -> tuple[list[Due], list[Due]]:
    """(rungs to send, rungs passed over) of several due together: for the same audience only the latest is sent."""
    latest = {d.rung.told + ("*" if d.rung.proposed else ""): d for d in due}
    sent = list(latest.values())
    return sent, [d for d in due if d not in sent]


def rung_version(step: Any, rung: Rung) -> int:
    """What starts a ladder anew: for the unit each new due date, for approvers each round and each link of the chain."""
    return int(step["round"] * 100 + step["link"] if rung.of_approval else step["due_version"])


def rung_notice(due: Due, *, state: str, row: Any, step: Any, stream: str, seq: int, now: Now) -> dict[str, Any]:
    """The row of the notice that a rung makes. ``row``: id and plan_id of the workflow."""
    version = rung_version(step, due.rung)
    return {
        "key": rung_key(step["id"], due.key, version),
        "kind": due.rung.kind,
        "plan_id": row["plan_id"],
        "workflow_id": row["id"],
        "step_id": step["id"],
        "step_code": None,
        "stream": stream,
        "seq": seq,
        "audience": due.rung.told,
        "unit": None,
        "rung": due.key,
        "due_version": version,
        "urgency": RUNG_URGENCY[due.rung.kind],
        "data": {"proposed": True, "tell": due.rung.audience} if due.rung.proposed else {},
        "business_at": now.business,
        "created_at": now.system,
        "state": state,
        "reason": "a later rung was due as well" if state == "passed-over" else "",
    }
