"""Recording a change of units before its day, and taking it back: one record, one entry in the office's journal."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.access import Actor
from engine.definition import PlanDefinition
from engine.facts import Fact
from engine.instants import Now
from engine.succession import succeeded
from engine.units import UnitChange
from models import streams
from models import unit_changes as sql
from plans.codec import change_from_json, change_to_json
from services.journaling import entry
from services.working_days import OFFICE


def plan_published(connection: Connection, definition: PlanDefinition, *, now: Now, actor: Actor) -> None:
    """Record the changes that a plan's pack brings, within its publishing; one that is recorded already is not recorded twice."""
    known = {(row["effective_on"], row["document"]) for row in sql.every(connection) if row["state"] != sql.WITHDRAWN}
    for number, change in enumerate(definition.unit_changes):
        if (change.on, change.document) not in known:
            record(connection, change, key=f"plan:{definition.number}:{number}", now=now, actor=actor)


def as_units_are(connection: Connection, definition: PlanDefinition) -> PlanDefinition:
    """``definition``, written before units changed, with the successors of those that have ended."""
    for row in sql.applied(connection):
        definition = succeeded(definition, change_from_json(row["body"]))
    return definition


def record(connection: Connection, change: UnitChange, *, key: str, now: Now, actor: Actor) -> int:
    """Keep ``change`` for its day; its number."""
    seq, head = streams.lock(connection, OFFICE)
    body = change_to_json(change)
    values = {
        "key": key, "effective_on": change.on, "document": change.document, "body": body, "state": sql.PLANNED,
        "account_id": actor.account_id, "recorded_at": now.system, "moved": 0,
    }  # fmt: skip
    change_id = sql.add(connection, values)
    fact = Fact("units.planned", {"change": change_id, "on": change.on.isoformat(), "document": change.document, "body": body})
    streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="plan-units", facts=(fact,), now=now))
    return change_id
