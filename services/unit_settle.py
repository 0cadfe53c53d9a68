"""Bringing changes of units into force on their day: units, groups and people at once, then each workflow under its own lock.

Level-triggered and safe to run twice: a change is applied once, and a workflow follows as long as the version of the plan that it runs by
has a next one. A run that was killed goes on where it stopped; a version published later that knows less is brought up likewise.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from engine.access import SYSTEM, Actor
from engine.derived import derived
from engine.facts import Fact
from engine.instants import Now
from engine.journal import canonical
from engine.step_state import from_row
from engine.succession import succeeded
from engine.unit_move import StepMove, step_after
from engine.units import UnitChange
from models import action_path, publishing, running_dates, streams
from models import unit_changes as sql
from models.database import Database
from models.handlers import let_go
from models.tables import plan_version
from plans.codec import change_from_json, from_json, to_json
from services.definitions import workflow_of
from services.journaling import entry, stream_of
from services.noticing import notices_for
from services.opening import ledger_row
from services.unit_apply import put_into_force
from services.working_days import OFFICE


def settle_units(db: Database, *, now: Now) -> int:
    """Apply what is due at ``now`` and have every workflow follow; how many steps have another lead or another approver by it."""
    with db.read() as connection:
        if not sql.to_settle(connection, now.today):
            return 0
        due = sql.due(connection, now.today)
    for change_id in due:
        with db.write() as connection:
            _apply(connection, change_id, now)
    with db.write() as connection:
        _bring_versions_up(connection, now)
    with db.read() as connection:
        behind = [row["id"] for row in sql.versions_behind(connection, sql.last_number(connection))]
        workflows = sql.workflows_of(connection, behind)
    moved = 0
    for workflow_id in workflows:
        with db.write() as connection:
            moved += _follow(connection, workflow_id, now)
    with db.write() as connection:
        let_go(connection)  # people and steps have followed; where they went apart, nobody handles it
        sql.finish(connection, now.system)
    return moved


def _apply(connection: Connection, change_id: int, now: Now) -> None:
    seq, head = streams.lock(connection, OFFICE)
    row = sql.by_id(connection, change_id)
    if row is None or row["state"] != sql.PLANNED:
        return
    change, number = change_from_json(row["body"]), sql.last_number(connection) + 1
    put_into_force(connection, change, change_id)
    sql.set_state(connection, change_id, {"state": sql.APPLIED, "number": number, "applied_at": now.business})
    ended = {unit: [share.unit for share in shares] for unit, shares in change.heirs.items()}
    data = {"change": change_id, "number": number, "on": change.on.isoformat(), "document": change.document, "ended": ended}
    fact = Fact("units.changed", data)
    streams.append(
        connection, entry(OFFICE, seq + 1, head, actor=Actor(row["account_id"], ""), action="change-units", facts=(fact,), now=now)
    )


def _bring_versions_up(connection: Connection, now: Now) -> None:
    """The versions that take the place of those in use that do not account for every change; plans go over to theirs at once."""
    streams.lock(connection, OFFICE)
    number = sql.last_number(connection)
    for row in sql.versions_behind(connection, number):
        newest: Any = row
        while found := sql.next_version(connection, newest["id"]):
            newest = found
        for missing in range(newest["succession"] + 1, number + 1):
            newest = _next_version(connection, row["plan_id"], newest["id"], missing, now)
        if sql.plan_uses(connection, row["plan_id"], row["id"]):
            _plan_goes_over(connection, row["plan_id"], row["id"], newest["id"], now)


def _next_version(connection: Connection, plan_id: int, based_on: int, number: int, now: Now) -> dict[str, int]:
    """Freeze what the version ``based_on`` is after the change ``number``; the new one's id and succession."""
    change = change_from_json(sql.by_number(connection, number)["body"])
    body = to_json(succeeded(from_json(publishing.body_of_version(connection, based_on)), change))
    values = {
        "plan_id": plan_id, "version": sql.highest_version(connection, plan_id) + 1, "body": body,
        "digest": sha256(canonical(body).encode()).hexdigest(), "created_at": now.system, "succession": number, "based_on": based_on,
    }  # fmt: skip
    return {"id": publishing.add(connection, plan_version, values), "succession": number}


def _plan_goes_over(connection: Connection, plan_id: int, old: int, new: int, now: Now) -> None:
    publishing.set_version(connection, plan_id, new)
    stream = f"plan:{plan_id}"
    seq, head = streams.lock(connection, stream)
    fact = Fact("plan.units-changed", {"from_version": old, "to_version": new})
    streams.append(connection, entry(stream, seq + 1, head, actor=SYSTEM, action="change-units", facts=(fact,), now=now))


def _follow(connection: Connection, workflow_id: int, now: Now) -> int:
    """Move one workflow to the last version that takes the place of its own, change by change."""
    moved = 0
    while (row := action_path.lock(connection, workflow_id)) is not None:
        found = sql.next_version(connection, row["version_id"])
        if found is None:
            break
        moved += _one_change(connection, row, found, now)
    return moved


def _one_change(connection: Connection, row: Any, version: Any, now: Now) -> int:
    applied = sql.by_number(connection, version["succession"])
    change, changed = change_from_json(applied["body"]), {**row, "version_id": version["id"]}
    before, after = workflow_of(connection, row), workflow_of(connection, changed)
    steps = [from_row(step) for step in running_dates.unfinished_steps(connection, [row["id"]])]
    moves = [move for step in steps if (move := step_after(step, before, after, change))]
    for unit, shares in change.heirs.items():
        for share in shares:
            sql.hand_over_reading(connection, row["id"], unit, share.unit)
    facts = [_workflow_fact(row, version, change, applied)]
    for move in moves:
        facts += _move(connection, row, move, after, change, applied, now)
    stream, seq = stream_of(row["id"]), row["seq"] + 1
    made = entry(stream, seq, row["head"], actor=Actor(applied["account_id"], ""), action="change-units", facts=facts, now=now)
    action_path.add_entry(connection, made)
    notices = notices_for(facts, stream=stream, seq=seq, plan_id=row["plan_id"], workflow_id=row["id"], step_id=None, now=now)
    action_path.add_notices(connection, notices)
    lead = change.default_after(sql.place_of(connection, row["id"])["lead"])
    changes = {"seq": seq, "head": made["hash"], "version_id": version["id"], "lead": lead}
    action_path.close_transaction(connection, row["id"], changes, wakes=row["finished_at"] is None)
    sql.count_moved(connection, version["succession"], len(moves))
    return len(moves)


def _workflow_fact(row: Any, version: Any, change: UnitChange, applied: Any) -> Fact:
    heirs = {unit: change.default_after(unit) for unit in change.heirs}
    data = {"change": applied["id"], "on": change.on.isoformat(), "from_version": row["version_id"], "to_version": version["id"]}
    return Fact("workflow.units-changed", {**data, "heirs": heirs})


def _move(connection: Connection, row: Any, move: StepMove, after: Any, change: UnitChange, applied: Any, now: Now) -> list[Fact]:
    """Write one step; its facts. The date stays, and the ledger says who answers for it from now on."""
    step, data = move.step, {"step": move.step.id, "on": change.on.isoformat(), "document": change.document}
    changes, facts = dict(move.changes), []
    relations = [(unit, "approver") for unit in move.approvers_after]
    if "lead" in changes:
        facts.append(Fact("step.succeeded", {**data, "from": step.lead, "to": move.lead}))
        relations.append((move.lead, "lead"))
        if step.due_on is not None:
            changes["due_version"] = step.due_version + 1
            line = ledger_row(
                step.id, step.due_version + 1, "merger", step.due_on, now, account_id=applied["account_id"], document=change.document
            )  # fmt: skip
            action_path.add_deadlines(connection, [line])
    if move.approvers != move.approvers_after:
        facts.append(Fact("step.approver-succeeded", {**data, "from": list(move.approvers), "to": list(move.approvers_after)}))
    changes |= derived(step, changes, after, now)
    action_path.change_step(connection, step.id, {**changes, "version": step.version + 1, "changed_at": now.business})
    if relations:
        action_path.add_participations(connection, row["id"], step.id, relations)
    return facts
