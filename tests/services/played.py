"""A published plan under test, and short words for acting in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, select

from engine.access import SYSTEM, Actor
from engine.definition import PlanDefinition
from models.database import Database
from models.tables import account, membership, step, workflow
from services.act import ActionResult, act
from services.open_cycles import open_cycles
from services.publish import publish
from tests.factories import CALENDAR, at, festival


@dataclass
class Played:
    """The festival plan, published and opened on ``day``."""

    db: Database
    day: date = date(2024, 5, 2)
    definition: PlanDefinition = field(default_factory=festival)

    def __post_init__(self) -> None:
        self.plan_id = publish(self.db, self.definition, now=at(self.day), actor=SYSTEM)
        self.workflow_id = open_cycles(self.db, now=at(self.day), calendar=CALENDAR)[0]

    def step(self, code: str, slot: str = "") -> RowMapping:
        """The step as stored."""
        query = select(step).where(step.c.workflow_id == self.workflow_id, step.c.code == code, step.c.slot == slot)
        with self.db.read() as connection:
            return connection.execute(query).mappings().one()

    def status(self, code: str, slot: str = "") -> str:
        """Its work status."""
        return str(self.step(code, slot)["status"])

    def workflow(self) -> RowMapping:
        """The workflow as stored."""
        with self.db.read() as connection:
            return connection.execute(select(workflow).where(workflow.c.id == self.workflow_id)).mappings().one()

    def act(self, actor: Actor, action: str, code: str, slot: str = "", **more: Any) -> ActionResult:
        """One action on the played day; ``payload`` and the rest as `services.act.act` takes them."""
        more.setdefault("payload", {})
        return act(self.db, actor=actor, step_id=self.step(code, slot)["id"], action=action, now=at(self.day), calendar=CALENDAR, **more)

    def people(self, *actors: Actor) -> None:
        """Make the accounts of ``actors``, so that notices find them."""
        with self.db.write() as connection:
            for a in actors:
                row = {
                    "id": a.account_id,
                    "login": f"a{a.account_id}",
                    "name": a.name,
                    "address": f"a{a.account_id}@example.vn",
                    "roles": sorted(a.roles),
                }
                connection.execute(account.insert(), {**row, "title": "", "language": "vi", "password_hash": "", "active": True})
                for m in a.memberships:
                    connection.execute(membership.insert(), {"account_id": a.account_id, "unit": m.unit, "role": m.role})
