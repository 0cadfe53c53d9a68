"""Ad-hoc assignments: one form becomes a definition of one step and its running workflow, in one transaction.

The preview runs the very same transaction and takes it back: what it shows is what would happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from engine.access import Actor
from engine.approval import chain
from engine.assignment import (
    AD_HOC,
    STEP,
    Assignment,
    cycle_of_assignment,
    definition_of,
    doubts,
    read_assignment,
    suggested_due,
)  # fmt: skip
from engine.calendar import WorkCalendar
from engine.definition import GroupDefinition, PlanDefinition, Text
from engine.errors import KeyReused, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.journal import canonical, plain
from engine.schedule import plan_steps
from models import assignments as sql
from models import outbox, publishing, streams
from models.database import Database
from notifications.audience import Person
from notifications.choices import way
from notifications.words import headline
from plans.codec import workflow_to_json
from services.definitions import forget, plan_of, workflow_of
from services.open_cycles import Cause, create_workflow
from services.queries.naming import workflow_title
from services.telling import Teller


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers. ``groups`` hold the units that they have today."""

    plan_id: int
    plans: tuple[tuple[int, str], ...]
    units: frozenset[str]
    groups: tuple[GroupDefinition, ...]
    due_on: date


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that would be made. ``approvers``: who confirms, link by link; () for nobody."""

    lead: str
    due_on: date
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """Who would hear what. ``how``: immediate | digest | none | no-address."""

    name: str
    unit: str
    what: Text
    how: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an assignment would do. ``same``: (workflow, its title) of what the same document has assigned already."""

    assignment: Assignment
    plan_id: int
    steps: tuple[PlannedStep, ...]
    mails: tuple[PlannedMail, ...]
    nobody: int
    doubts: tuple[Text, ...]
    same: tuple[tuple[int, Text], ...]


@dataclass(frozen=True, slots=True)
class Assigned:
    """``replayed``: the key had been used for the same request; nothing was done again."""

    workflow_id: int
    steps: int
    replayed: bool = False


def choices(db: Database, *, now: Now, calendar: WorkCalendar, plan_id: int | None = None) -> Choices:
    """What the form offers under a plan (the latest by default). Raises NotFound where there is none."""
    with db.read() as connection:
        plans = publishing.published_plans(connection)
        plan = _plan(plans, plan_id)
        units, groups = _units(connection, plan_of(connection, plan["version_id"]), now.today)
    numbers = tuple((p["id"], p["number"]) for p in reversed(plans))
    return Choices(plan["id"], numbers, units, groups, suggested_due(now.today, calendar))


def propose(
    db: Database, form: Mapping[str, Any], *, actor: Actor, now: Now, calendar: WorkCalendar, plan_id: int | None = None
) -> Preview:  # fmt: skip
    """What assigning ``form`` would make and whom it would tell; nothing stays written. Raises what `assign` raises."""
    _may(actor)
    try:
        with db.write() as connection:
            plan, assignment = _read(connection, form, plan_id, now)
            known = sql.by_document(connection, plan["id"], assignment.document.number, assignment.document.signed_on)
            same = tuple((w["id"], workflow_title(workflow_of(connection, w), confidential=w["confidential"])) for w in known)
            cause = Cause(actor, "assign", urgent=assignment.urgent)
            row = _make(connection, plan, assignment, f"{AD_HOC}:{uuid4()}", cause, now, calendar)
            mails, nobody = _mails(connection, row["id"], now)
            steps = _steps(connection, row, assignment)
            forget(connection, row)
            found = Preview(assignment, plan["id"], steps, mails, nobody, doubts(assignment, calendar, now.today), same)
            raise _TakenBack(found)
    except _TakenBack as done:
        return done.preview


def assign(
    db: Database, form: Mapping[str, Any], *, actor: Actor, key: str, now: Now, calendar: WorkCalendar, plan_id: int | None = None
) -> Assigned:  # fmt: skip
    """Make the assignment of ``form``; the same ``key`` again gives the same one.

    Raises Refused unless ``actor`` acts for the standing agency, `InvalidFields`, NotFound (no such plan), KeyReused.
    """
    _may(actor)
    request = sha256(canonical({"assign": plain(dict(form)), "plan": plan_id}).encode()).hexdigest()
    with db.write() as connection:
        plan = _plan(publishing.published_plans(connection), plan_id)
        streams.lock(connection, f"plan:{plan['id']}")  # two clicks at once: one makes it, the other finds it made
        made = sql.made_under(connection, actor.account_id, key)
        if made is not None:
            return _again(made, request)
        plan, assignment = _read(connection, form, plan_id, now)
        code = f"{AD_HOC}:{sql.how_many(connection, plan['id']) + 1}"
        cause = Cause(actor, "assign", urgent=assignment.urgent, key=key, request_hash=request)
        row = _make(connection, plan, assignment, code, cause, now, calendar)
    return Assigned(row["id"], len(assignment.leads))


class _TakenBack(Exception):
    """Carries a preview out of the transaction that is taken back."""

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.preview = preview


def _may(actor: Actor) -> None:
    if not (actor.system or "agency" in actor.roles):
        raise Refused(Text("Chỉ cơ quan thường trực giao việc đột xuất.", "Only the standing agency assigns ad hoc."), code="relation")


def _plan(plans: list[Any], plan_id: int | None) -> Any:
    found = next((p for p in reversed(plans) if plan_id in (None, p["id"])), None)
    if found is None:
        raise NotFound()
    return found


def _read(connection: Connection, form: Mapping[str, Any], plan_id: int | None, now: Now) -> tuple[Any, Assignment]:
    plan = _plan(publishing.published_plans(connection), plan_id)
    units, groups = _units(connection, plan_of(connection, plan["version_id"]), now.today)
    members = {group.code: group.units for group in groups}
    return plan, read_assignment(form, groups=members, units=units, today=now.today)


def _units(connection: Connection, plan: PlanDefinition, today: date) -> tuple[frozenset[str], tuple[GroupDefinition, ...]]:
    """The plan's units that exist today, and its groups with the units that they have today."""
    units = sql.units_on(connection, today) & {unit.code for unit in plan.units}
    groups = (replace(g, units=tuple(u for u in publishing.members_of(connection, g.code, today) if u in units)) for g in plan.groups)
    return units, tuple(group for group in groups if group.units)


def _make(
    connection: Connection, plan: Any, assignment: Assignment, code: str, cause: Cause, now: Now, calendar: WorkCalendar
) -> dict[str, Any]:  # fmt: skip
    """Keep the assignment and open its workflow; the keys of its row."""
    document = assignment.document
    definition = definition_of(assignment, code)
    assignment_id = sql.add(
        connection,
        {
            "plan_id": plan["id"], "code": code, "number": document.number, "signed_on": document.signed_on, "abstract": document.abstract,
            "leader": document.leader, "urgent": assignment.urgent, "units": list(assignment.leads), "body": workflow_to_json(definition),
            "account_id": cause.actor.account_id, "at": now.business,
        },
    )  # fmt: skip
    row = {"version_id": plan["version_id"], "key_task": "", "code": code}
    forget(connection, row)  # a transaction that failed may have left another definition under this code
    compiled = workflow_of(connection, row)
    cycle = cycle_of_assignment(assignment, now.today)
    planned = plan_steps(definition, compiled.plan, cycle, calendar, lambda _group: assignment.leads)
    fact = Fact("workflow.assigned", {"number": document.number, "signed_on": document.signed_on.isoformat(), "urgent": assignment.urgent})
    cause = replace(cause, assignment_id=assignment_id, facts=(fact,))
    return {**row, "id": create_workflow(connection, plan, compiled, cycle, planned, now, calendar, cause)}


def _again(made: Any, request: str) -> Assigned:
    if made["idem_hash"] != request:
        raise KeyReused()
    return Assigned(int(made["stream"].partition(":")[2]), 0, replayed=True)


def _steps(connection: Connection, row: Any, assignment: Assignment) -> tuple[PlannedStep, ...]:
    compiled = workflow_of(connection, row)
    step = compiled.steps[STEP]
    return tuple(
        PlannedStep(lead, assignment.due_on, tuple(unit for link in chain(step, lead, compiled.plan) for unit in link.units))
        for lead in assignment.leads
    )


def _mails(connection: Connection, workflow_id: int, now: Now) -> tuple[tuple[PlannedMail, ...], int]:
    """Who would hear of it, by the rules that send; and how many notices reach nobody."""
    told = Teller(connection, outbox.of_workflow(connection, workflow_id), now).tell()
    mails = tuple(
        PlannedMail(
            line.hearer.person.name, line.hearer.unit, Text(headline(line.item, "vi"), headline(line.item, "en")),
            _how(line.hearer.person, line.notice),
        )
        for line in told.lines
    )  # fmt: skip
    return mails, len(told.closed)


def _how(person: Person, notice: Mapping[str, Any]) -> str:
    return way(person.choices, notice["kind"], notice["urgency"]) if person.address else "no-address"
