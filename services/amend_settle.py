"""Moving running workflows to an amended version: one transaction a workflow, under its lock.

A workflow that runs under the version has nothing left to do, so a run that was killed goes on where it stopped, and running twice does
nothing twice. For an hour an amendment is looked at again by every sweep, for workflows that came into being meanwhile in a process that
still read the former version.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.amending.change import Kind, StepChange
from engine.amending.order import counts_after
from engine.amending.step import ASKED
from engine.approval import chain
from engine.calendar import WorkCalendar
from engine.derived import derived
from engine.facts import Fact
from engine.gates import all_passed
from engine.instants import Now
from engine.statuses import WorkStatus
from engine.step_state import StepState
from models import action_path, publishing, running_dates
from models import amending as sql
from models.database import Database
from services.amend_reading import Amended, amended, compiled_in
from services.definitions import plan_of
from services.journaling import entry, stream_of
from services.noticing import notices_for
from services.open_cycles import step_row
from services.opening import Opened, ledger_row, open_candidates

S = WorkStatus
LOOKED_AT_AGAIN = timedelta(hours=1)  # system time


def settle_amendments(db: Database, *, now: Now, calendar: WorkCalendar) -> int:
    """Have every running workflow follow the amendments of its plan; how many steps were changed."""
    with db.read() as connection:
        pending = sql.to_settle(connection, now.system - LOOKED_AT_AGAIN)
        behind = {a["id"]: [row["id"] for row in sql.running(connection, a["plan_id"]) if _is_behind(row, a)] for a in pending}
    changed = 0
    for amendment in pending:
        for workflow_id in behind[amendment["id"]]:
            with db.write() as connection:
                changed += _settle(connection, workflow_id, amendment, now, calendar)
        if amendment["finished_at"] is None:
            with db.write() as connection:
                sql.finish(connection, amendment["id"], now.system)
    return changed


def _is_behind(row: Any, amendment: Any) -> bool:
    return row["version_id"] < amendment["to_version_id"] and row["id"] not in amendment["left"]


def _settle(connection: Connection, workflow_id: int, amendment: Any, now: Now, calendar: WorkCalendar) -> int:
    row = sql.lock(connection, workflow_id)
    if row["finished_at"] is not None or not _is_behind(row, amendment):
        return 0
    new = compiled_in(plan_of(connection, amendment["to_version_id"]), row["key_task"], row["code"])
    if new is None:
        return 0
    found = amended(connection, row, new, now, calendar)
    if found.difference.refusals:  # somebody acted after the preview: this workflow stays under its version, and the record says so
        latest = sql.by_id(connection, amendment["id"])
        sql.leave(connection, amendment["id"], {*(latest["left"] if latest else ()), workflow_id})
        return 0
    sql.move(
        connection, workflow_id, amendment["to_version_id"], lead=new.definition.lead, confidential=new.definition.confidential
    )  # fmt: skip
    if found.difference.same:
        return 0
    _Settling(connection, found, amendment, now, calendar).run()
    changed = len(found.difference.changes)
    sql.count_changed(connection, amendment["id"], changed)
    return changed


class _Settling:
    """One workflow moving to its next version, under its lock."""

    def __init__(self, connection: Connection, found: Amended, amendment: Any, now: Now, calendar: WorkCalendar) -> None:
        self.connection, self.found, self.amendment, self.now, self.calendar = connection, found, amendment, now, calendar
        self.row, self.seq = found.row, found.row["seq"] + 1
        self.ledger: list[dict[str, Any]] = []

    def run(self) -> None:
        what = self.found.difference
        facts = [Fact("workflow.amended", {"amendment": self.amendment["id"], "was": self.row["version_id"], **self._by()})]
        for change in what.changes:
            facts += self._add(change) if change.planned else self._change(change)
        for step_id, day in what.estimates.items():
            running_dates.estimate(self.connection, step_id, day)
        action_path.add_deadlines(self.connection, self.ledger)
        counts = counts_after(self.row["counts"], self.found.running.steps, what.changes)
        opened = self._open()
        action_path.add_deadlines(self.connection, opened.ledger)
        self._journal([*facts, *opened.facts], counts)

    def _by(self) -> dict[str, Any]:
        return {"version": self.amendment["to_version_id"], "document": self.amendment["document"]}

    def _add(self, change: StepChange) -> list[Fact]:
        """A step comes into being."""
        assert change.planned is not None
        position = self.found.last_position + 1
        values = {**step_row(change.planned, position, self.row, change.status), "lead": change.lead}
        step_id = publishing.add_steps(self.connection, [values])[0][0]
        if change.planned.due_on is not None:
            self.ledger.append(ledger_row(step_id, 1, "original", change.planned.due_on, self.now, **self._who()))
        self._let_read(step_id, change.code, change.lead)
        data = {"step": step_id, "code": change.code, "slot": change.slot, "status": change.status.value}
        return [Fact("step.added", data)]

    def _change(self, change: StepChange) -> list[Fact]:
        """A step that exists becomes another."""
        assert change.step_id is not None
        step = self.found.steps[change.step_id]
        columns = {name: value.value if isinstance(value, WorkStatus) else value for name, value in change.columns.items()}
        if change.ledger:
            columns["due_version"] = step.due_version + 1
            self.ledger.append(ledger_row(step.id, step.due_version + 1, change.ledger.kind, change.ledger.due_on, self.now, **self._who()))
        self._write(step, columns)
        if change.leads or {"approve", "coordinating"} & {*change.what}:
            self._let_read(step.id, change.code, change.lead)
        return list(_facts(change, self.amendment["document"]))

    def _write(self, step: StepState, columns: dict[str, Any]) -> None:
        columns |= derived(step, columns, self.found.new, self.now)
        action_path.change_step(self.connection, step.id, {**columns, "version": step.version + 1, "changed_at": self.now.business})

    def _who(self) -> dict[str, Any]:
        return {"account_id": self.amendment["account_id"], "document": self.amendment["document"]}

    def _let_read(self, step_id: int, code: str, lead: str) -> None:
        definition = self.found.new.steps[code]
        approvers = sorted({unit for link in chain(definition, lead, self.found.new.plan) for unit in link.units})
        relations = [
            (lead, "lead"), *((unit, "coordinating") for unit in definition.coordinating), *((unit, "approver") for unit in approvers)
        ]  # fmt: skip
        action_path.add_participations(self.connection, self.row["id"], step_id, relations)

    def _open(self) -> Opened:
        """What waits for nothing more, opens."""
        opened = Opened()
        codes = dict.fromkeys(code for code, _ in self.found.difference.opens)
        due = {(c.code, c.slot): c.planned.due_on for c in self.found.difference.changes if c.planned}
        due |= {(s.step.code, s.step.slot): s.step.due_on for s in self.found.running.steps}
        dated = frozenset(code for (code, _), day in due.items() if day is not None)
        open_candidates(
            self.connection, [(code, None) for code in codes], workflow=self.found.new, row=self.row, seq=self.seq, now=self.now,
            calendar=self.calendar, into=opened, dated=dated,
        )  # fmt: skip
        return opened

    def _journal(self, facts: list[Fact], counts: dict[str, Any]) -> None:
        finished = all_passed(counts)
        if finished:
            facts.append(Fact("workflow.finished"))
        stream = stream_of(self.row["id"])
        actor = Actor(self.amendment["account_id"], "")
        made = entry(stream, self.seq, self.row["head"], actor=actor, action="amend", facts=facts, now=self.now)
        action_path.add_entry(self.connection, made)
        notices = notices_for(
            facts, stream=stream, seq=self.seq, plan_id=self.row["plan_id"], workflow_id=self.row["id"], step_id=None, now=self.now
        )
        action_path.add_notices(self.connection, notices)
        changes = {"seq": self.seq, "head": made["hash"], "counts": counts, "finished_at": self.now.business if finished else None}
        action_path.close_transaction(self.connection, self.row["id"], changes, wakes=True)


def _facts(change: StepChange, document: str) -> list[Fact]:
    """What happened to one step, one fact for everything that somebody hears by itself."""
    about: dict[str, Any] = {"step": change.step_id, "document": document}
    if change.kind is Kind.REMOVED:
        return [Fact("step.removed", about)]
    found = [Fact("step.restored", {**about, "status": change.status.value})] if change.kind is Kind.RESTORED else []
    if change.dates:
        old, new = change.dates
        days = {name: day.isoformat() for name, day in (("was", old), ("until", new)) if day}
        found.append(Fact("step.due-amended", {**about, **days}))
    if change.leads:
        found.append(Fact("step.lead-amended", {**about, "from": change.leads[0], "lead": change.leads[1]}))
    if change.what:
        kind = "step.amended" if ASKED & {*change.what} else "step.reworded"
        found.append(Fact(kind, {**about, "what": list(change.what)}))
    return found
