"""Closing a cycle: one transaction a workflow, under its lock. `services.reopen_cycle` takes it back.

Every step that is still open is carried over, cancelled or left unfinished, each with its reason in a journal entry of its own; then the
cycle closes: no ladder runs, the figures are frozen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.cycle_close import ACTIONS, Decision, Disposition, against, effect_of, suggestion
from engine.definition import Text
from engine.derived import derived
from engine.errors import Invalid, InvalidFields, KeyReused, NotFound, Refused
from engine.facts import Fact
from engine.gates import Counts, all_passed, leave, moved, satisfied
from engine.instants import Now
from engine.journal import canonical
from engine.payload import text as text_of
from engine.statuses import WorkStatus
from engine.step_state import Effect, StepState, from_row
from models import action_path
from models import closing as sql
from models.database import Database
from services.definitions import workflow_of
from services.journaling import entry, stream_of
from services.noticing import notices_for
from services.opening import Opened, ledger_row, open_candidates

S, D = WorkStatus, Disposition


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing did, in steps. ``replayed``: the key had been used for the same request; nothing was done again."""

    workflow_id: int
    decided: Mapping[str, int] = field(default_factory=dict)
    replayed: bool = False


def seen_of(steps: Sequence[Any]) -> str:
    """Stands for exactly these open steps as they are: closing refuses if they are others by then."""
    return sha256(canonical({"steps": [[step["id"], step["version"]] for step in steps]}).encode()).hexdigest()[:32]


def close_cycle(
    db: Database, workflow_id: int, decisions: Mapping[int, Decision], *, reason: str, actor: Actor, key: str, now: Now,
    calendar: WorkCalendar, seen: str | None = None,
) -> Closed:  # fmt: skip
    """Close the cycle of a workflow. What ``decisions`` (by step) leave out gets its default, and ``reason`` where it has none.

    Raises Refused (not the standing agency, or closed already), `InvalidFields` (``decision.7``, ``until.7``, ``reason.7``), Invalid (code
    "preview-changed": other steps are open than were ``seen``), NotFound, KeyReused.
    """
    may_close(actor)
    reason = text_of({"reason": reason}, "reason")
    request = request_of("close-cycle", workflow_id, reason, {id_: [d.disposition, d.until, d.reason] for id_, d in decisions.items()})
    with db.write() as connection:
        row = locked(connection, workflow_id)
        made = sql.made_under(connection, actor.account_id, key)
        if made is not None:
            return again(made, request, workflow_id)
        if sql.is_closed(connection, workflow_id):
            raise Refused(Text("Chu kỳ đã kết sổ.", "The cycle is closed already."), code="closed")
        steps = sql.open_steps(connection, [workflow_id])
        if seen is not None and seen != seen_of(steps):
            raise Invalid(
                Text("Các bước vừa thay đổi; xin xem lại.", "The steps have changed meanwhile; please look again."), code="preview-changed"
            )
        run = _Closing(connection, row, actor, now, calendar)
        judged = run.judge([from_row(step) for step in steps], decisions, reason)
        return run.run(judged, reason, key, request)


def may_close(actor: Actor) -> None:
    """Raise Refused unless ``actor`` acts for the standing agency."""
    if not (actor.system or "agency" in actor.roles):
        raise Refused(Text("Chỉ cơ quan thường trực kết sổ.", "Only the standing agency closes cycles."), code="relation")


def locked(connection: Connection, workflow_id: int) -> Any:
    """The workflow's row under its lock. Raises NotFound."""
    row = action_path.lock(connection, workflow_id)
    if row is None:
        raise NotFound()
    return row


class _Closing:
    """One closing under its workflow's lock."""

    def __init__(self, connection: Connection, row: Any, actor: Actor, now: Now, calendar: WorkCalendar) -> None:
        self.connection, self.row, self.actor, self.now, self.calendar = connection, row, actor, now, calendar
        self.workflow: CompiledWorkflow = workflow_of(connection, row)
        self.counts: Counts = row["counts"]
        self.stream, self.seq, self.head = stream_of(row["id"]), row["seq"], row["head"]
        self.following = sql.next_cycle_steps(connection, sql.workflow_row(connection, row["id"]))

    def judge(self, steps: Sequence[StepState], decisions: Mapping[int, Decision], reason: str) -> list[tuple[StepState, Decision]]:
        """Each step with what becomes of it. Raises `InvalidFields` with everything that is wrong."""
        judged, problems = [], {}
        for step in steps:
            decision = decisions.get(step.id) or Decision(suggestion(step, self.now.today), reason)
            decision = replace(decision, reason=decision.reason or reason)
            judged.append((step, decision))
            wrong = against(step, decision, self.now.today, next_step=self.following.get((step.code, step.slot)))
            if wrong:
                problems[f"{wrong[0]}.{step.id}"] = wrong[1]
        problems = self._held_back(judged) | problems
        if problems:
            raise InvalidFields(problems)
        return judged

    def _held_back(self, judged: Sequence[tuple[StepState, Decision]]) -> dict[str, Text]:
        """What is carried over may not wait for what the same unit leaves unfinished: it would never open."""
        left = {(step.code, step.slot) for step, decision in judged if decision.disposition is D.LEAVE}
        found = {}
        for step, decision in judged:
            waits = step.status is S.WAITING and decision.disposition is D.CARRY
            before = [e.before for e in self.workflow.into[step.code] if e.per_slot and (e.before, step.slot) in left] if waits else []
            if before:
                title = self.workflow.steps[before[0]].title
                found[f"decision.{step.id}"] = Text(
                    f"Bước này chờ “{title.vi}” của cùng đơn vị, mà bước đó để chưa hoàn thành.",
                    f"It waits for the same unit's “{title.in_('en')}”, which is left unfinished.",
                )
        return found

    def run(self, judged: Sequence[tuple[StepState, Decision]], reason: str, key: str, request: str) -> Closed:
        for step, decision in judged:
            self._settle(step, decision)
        carried = [step.id for step, decision in judged if decision.disposition is D.CARRY]
        sql.close_steps(self.connection, self.row["id"], self.now.today, unless=carried)
        left: dict[str, list[str]] = {}
        for step, decision in judged:
            if decision.disposition is D.LEAVE:
                left.setdefault(step.code, []).append(step.slot)
        self.counts = leave(self.counts, left)
        waiting = {step.code for step, decision in judged if decision.disposition is D.CARRY and step.status is S.WAITING}
        opened = open_ready(
            self.connection, self.row, self.workflow, self.counts, waiting, seq=self.seq + 1, now=self.now, calendar=self.calendar
        )  # fmt: skip
        decided = {d.value: sum(decision.disposition is d for _, decision in judged) for d in D}
        finished = all_passed(self.counts)
        facts = [Fact("workflow.closed", decided), *opened.facts]
        if finished and self.row["finished_at"] is None:
            facts.append(Fact("workflow.finished"))
        self._enter("close-cycle", facts, reason, key=key, request=request)
        changes = {"counts": self.counts, "closed_at": self.now.business, "finished_at": self.row["finished_at"]}
        if finished != (self.row["finished_at"] is not None):
            changes["finished_at"] = self.now.business if finished else None
        action_path.close_transaction(
            self.connection, self.row["id"], {**changes, "seq": self.seq, "head": self.head}, wakes=True
        )  # fmt: skip
        return Closed(self.row["id"], decided)

    def _settle(self, step: StepState, decision: Decision) -> None:
        """Write what ``decision`` changes on one step, and its journal entry."""
        effect = effect_of(step, decision, next_step=self.following.get((step.code, step.slot)))
        changes: dict[str, Any] = dict(effect.changes)
        if effect.ledger:
            changes["due_version"] = step.due_version + 1
        if changes:
            changes |= derived(step, changes, self.workflow, self.now)
            changes |= {"version": step.version + 1, "changed_at": self.now.business}
            action_path.change_step(self.connection, step.id, changes)
        if effect.ledger:
            line = ledger_row(
                step.id, step.due_version + 1, effect.ledger.kind, effect.ledger.due_on, self.now, account_id=self.actor.account_id,
                reason=decision.reason,
            )  # fmt: skip
            action_path.add_deadlines(self.connection, [line])
        after = WorkStatus(changes.get("status", step.status))
        self.counts = moved(self.counts, step.code, step.slot, step.status, after)
        self._of_step(step, effect, ACTIONS[decision.disposition], after, changes.get("version", step.version))

    def _of_step(self, step: StepState, effect: Effect, action: str, after: WorkStatus, version: int) -> None:
        self._enter(action, effect.facts, effect.text, step_id=step.id, after={"status": after.value, "version": version})

    def _enter(self, action: str, facts: Sequence[Fact], text: str, *, step_id: int | None = None, **more: Any) -> None:
        """Append one journal entry with its notices."""
        self.seq += 1
        made = entry(
            self.stream, self.seq, self.head, actor=self.actor, action=action, facts=facts, now=self.now, step_id=step_id, text=text,
            after=more.get("after"), key=more.get("key"), request_hash=more.get("request"),
        )  # fmt: skip
        action_path.add_entry(self.connection, made)
        notices = notices_for(
            facts, stream=self.stream, seq=self.seq, plan_id=self.row["plan_id"], workflow_id=self.row["id"], step_id=step_id, now=self.now
        )  # fmt: skip
        action_path.add_notices(self.connection, notices)
        self.head = made["hash"]


def open_ready(
    connection: Connection, row: Any, workflow: CompiledWorkflow, counts: Counts, waiting: set[str], *, seq: int, now: Now,
    calendar: WorkCalendar,
) -> Opened:  # fmt: skip
    """Open those of the ``waiting`` codes that have nothing left to wait for."""
    opened = Opened()
    ready = [code for code in sorted(waiting) if all(satisfied(e, counts) for e in workflow.into[code] if not e.per_slot)]
    open_candidates(
        connection, [(code, None) for code in ready], workflow=workflow, row=row, seq=seq, now=now, calendar=calendar, into=opened
    )  # fmt: skip
    action_path.add_deadlines(connection, opened.ledger)
    return opened


def request_of(action: str, workflow_id: int, reason: str, decisions: Mapping[int, Sequence[Any]]) -> str:
    """Stands for a request, so that its key is not used for another."""
    said = {str(id_): [str(part) if part else "" for part in parts] for id_, parts in decisions.items()}
    return sha256(canonical({"action": action, "workflow": workflow_id, "reason": reason, "steps": said}).encode()).hexdigest()


def again(made: Any, request: str, workflow_id: int) -> Closed:
    """What the same request led to when it was first made; KeyReused if the key came with another one."""
    if made["idem_hash"] != request:
        raise KeyReused()
    decided: Mapping[str, Any] = next((f for f in made["body"]["facts"] if f["kind"] == "workflow.closed"), {})
    return Closed(workflow_id, {d.value: decided.get(d.value, 0) for d in D}, replayed=True)
