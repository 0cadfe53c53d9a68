"""Bringing workflows into being: every cycle whose opening day has come and that has no workflow yet. Safe to run twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from engine.access import SYSTEM, Actor
from engine.approval import chain
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.cycles import Cycle
from engine.facts import Fact
from engine.gates import all_passed, initial, openings
from engine.instants import Now
from engine.schedule import PlannedStep, plan_steps
from engine.statuses import PASSED, UNFINISHED, WorkStatus
from engine.succession import heir
from engine.timeliness import clocks
from models import action_path, publishing
from models.database import Database
from models.tables import workflow as workflow_table
from services.definitions import cycles_of
from services.journaling import entry, stream_of
from services.noticing import notices_for
from services.opening import Opened, ledger_row, open_candidates
from services.unit_settle import settle_units

S = WorkStatus


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a workflow comes into being: the calendar, or somebody's assignment with its facts, key and urgency."""

    actor: Actor = SYSTEM
    action: str = "open-cycle"
    facts: tuple[Fact, ...] = ()
    assignment_id: int | None = None
    urgent: bool = False
    key: str | None = None
    request_hash: str | None = None


BY_CALENDAR = Cause()


def open_cycles(db: Database, *, now: Now, calendar: WorkCalendar) -> list[int]:
    """Create the workflow of every cycle due to open by today; their ids. One transaction per workflow.

    First of all units are brought to where they stand today: a cycle uses its groups as they are when it opens.
    """
    settle_units(db, now=now)
    with db.read() as connection:
        due = [
            (dict(plan), compiled, cycle)
            for plan in publishing.published_plans(connection)
            for compiled, cycle in _missing(connection, plan, now)
        ]
    made = []
    for plan, compiled, cycle in due:
        with db.write() as connection:
            if (compiled.key_task or "", compiled.definition.code, cycle.code) in publishing.existing_cycles(connection, plan["id"]):
                continue
            planned = tuple(
                replace(step, lead=heir(compiled.plan, step.lead, now.today))  # a cycle that opens late, of units that ended meanwhile
                for step in plan_steps(compiled.definition, compiled.plan, cycle, calendar, _members(connection, cycle))
            )
            if planned:  # no step is left where every unit of its groups has ended
                made.append(create_workflow(connection, plan, compiled, cycle, planned, now, calendar))
    if made:
        db.gather_statistics()  # a plan makes thousands of steps at once: its pages cannot wait for the night
    return made


def _missing(connection: Connection, plan: Any, now: Now) -> list[tuple[CompiledWorkflow, Cycle]]:
    existing = publishing.existing_cycles(connection, plan["id"])
    return [
        (compiled, cycle)
        for compiled, cycle in cycles_of(connection, plan["version_id"])
        if cycle.opens_on <= now.today and (compiled.key_task or "", compiled.definition.code, cycle.code) not in existing
    ]


def _members(connection: Connection, cycle: Cycle) -> Callable[[str], tuple[str, ...]]:
    """The units of a group as they are when the cycle opens."""
    return lambda group: publishing.members_of(connection, group, cycle.opens_on)


def create_workflow(
    connection: Connection,
    plan: Any,
    compiled: CompiledWorkflow,
    cycle: Cycle,
    planned: tuple[PlannedStep, ...],
    now: Now,
    calendar: WorkCalendar,
    cause: Cause = BY_CALENDAR,
) -> int:
    """Create the workflow of one cycle with its steps, open what may open, and journal it; its id.

    ``plan``: id and version_id of its plan.
    """
    definition = compiled.definition
    statuses = {(p.code, p.slot or ""): _first_status(p) for p in planned}
    counts = initial((code, status) for (code, _), status in statuses.items())
    row: dict[str, Any] = {
        "plan_id": plan["id"],
        "version_id": plan["version_id"],
        "key_task": compiled.key_task or "",
        "code": definition.code,
        "cycle": cycle.code,
        "first_on": cycle.first,
        "last_on": cycle.last,
        "anchor_on": cycle.anchor,
        "opens_on": cycle.opens_on,
        "lead": definition.lead,
        "confidential": definition.confidential,
        "counts": counts,
        "opened_at": now.business,
        "assignment_id": cause.assignment_id,
        "seq": 0,
        "head": "",
    }
    row["id"] = publishing.add(connection, workflow_table, row)
    ids = publishing.add_steps(connection, [step_row(p, n, row, statuses[p.code, p.slot or ""]) for n, p in enumerate(planned)])
    publishing.add_participations(connection, _participations(compiled, planned, {(c, s): i for i, c, s in ids}, row["id"]))
    dated = {(p.code, p.slot or ""): p.due_on for p in planned if p.due_on is not None}
    action_path.add_deadlines(connection, [ledger_row(i, 1, "original", dated[c, s], now) for i, c, s in ids if (c, s) in dated])
    opened = Opened()
    open_candidates(
        connection,
        _first_openings(compiled, statuses, counts),
        workflow=compiled,
        row=row,
        seq=1,
        now=now,
        calendar=calendar,
        into=opened,
        dated=frozenset(code for code, _ in dated),
    )
    action_path.add_deadlines(connection, opened.ledger)
    _journal(connection, row, opened, len(ids), now, cause)
    return int(row["id"])


def _first_status(planned: PlannedStep) -> WorkStatus:
    if planned.not_applicable:
        return S.NOT_APPLICABLE
    return S.PRIOR if planned.prior else S.WAITING


def step_row(planned: PlannedStep, position: int, row: dict[str, Any], status: WorkStatus) -> dict[str, Any]:
    """The row of a step that comes into being in ``status``."""
    derived = clocks(status, planned.due_on)
    first, last = planned.window or (None, None)
    return {
        "workflow_id": row["id"],
        "plan_id": row["plan_id"],
        "code": planned.code,
        "slot": planned.slot or "",
        "position": position,
        "lead": planned.lead,
        "status": status.value,
        "not_before": planned.not_before,
        "original_due_on": planned.due_on,
        "due_on": planned.due_on,
        "planned_on": planned.planned_on,
        "window_first": first,
        "window_last": last,
        "choose_by": planned.choose_by,
        "due_at": derived.due_at,
        "soon_at": derived.soon_at,
        "next_rung_at": derived.due_at if status in UNFINISHED else None,
    }


def _participations(
    compiled: CompiledWorkflow, planned: tuple[PlannedStep, ...], ids: dict[tuple[str, str], int], workflow_id: int
) -> list[dict[str, Any]]:
    """Who reads which step in full: its lead, its coordinating units, its approvers."""
    rows = []
    for p in planned:
        step = compiled.steps[p.code]
        links = chain(step, p.lead, compiled.plan)
        units = [
            (p.lead, "lead"),
            *((u, "coordinating") for u in step.coordinating),
            *((u, "approver") for link in links for u in link.units),
        ]
        rows += [
            {"unit": unit, "step_id": ids[p.code, p.slot or ""], "relation": relation, "workflow_id": workflow_id}
            for unit, relation in units
        ]
    return rows


def _first_openings(
    compiled: CompiledWorkflow, statuses: dict[tuple[str, str], WorkStatus], counts: dict[str, Any]
) -> list[tuple[str, str | None]]:
    """What opens with the workflow: steps that wait for nothing, and those whose predecessors are passed already."""
    candidates: dict[tuple[str, str | None], None] = {(code, None): None for code in compiled.steps if not compiled.into[code]}
    for (code, slot), status in statuses.items():
        if status in PASSED:
            for candidate in openings(compiled, counts, code, slot):
                candidates[candidate] = None
    return list(candidates)


def _journal(connection: Connection, row: dict[str, Any], opened: Opened, steps: int, now: Now, cause: Cause) -> None:
    stream = stream_of(row["id"])
    facts = [Fact("workflow.opened", {"cycle": row["cycle"], "steps": steps}), *cause.facts, *opened.facts]
    finished = all_passed(row["counts"])
    if finished:
        facts.append(Fact("workflow.finished"))
    made = entry(
        stream, 1, "", actor=cause.actor, action=cause.action, facts=facts, now=now, key=cause.key, request_hash=cause.request_hash
    )  # fmt: skip
    action_path.add_entry(connection, made)
    notices = notices_for(
        facts, stream=stream, seq=1, plan_id=row["plan_id"], workflow_id=row["id"], step_id=None, now=now, urgent=cause.urgent
    )  # fmt: skip
    action_path.add_notices(connection, notices)
    changes = {"seq": 1, "head": made["hash"], **({"finished_at": now.business} if finished else {})}
    action_path.close_transaction(connection, row["id"], changes, wakes=True)
