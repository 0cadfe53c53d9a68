"""A second plan beside the festival whose every text says so: whoever should not know of it must never read the marker."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from engine.access import SYSTEM, Actor
from engine.definition import Every, GroupDefinition, KeyTaskDefinition, PlanDefinition, Text, WorkflowDefinition
from models.database import Database
from models.tables import step as steps_table
from services.act import act
from services.open_cycles import open_cycles
from services.publish import publish
from tests.factories import CALENDAR, OFFICER, at, district, festival, person, step, unit
from tests.services.played import Played

LEAK = "LEAK"
ALONE = "so-rieng"  # the only unit, besides the agency, that takes part in the foreign plan
LONER = person(301, ALONE)
STRANGER = person(302)
ADMINISTRATOR = person(303, roles=("administrator",))
SUPERVISOR = person(304, roles=("supervisor",))
AUDITOR = person(305, roles=("auditor",))
WRITTEN = "words of huyen-02"


def foreign_plan() -> PlanDefinition:
    """Led by a unit of its own; number, titles, group and source carry the marker."""
    steps = (
        replace(step("mot", due="29/04", lead=ALONE), title=Text(f"{LEAK} step")),
        replace(step("hai", due="30/06", lead=ALONE, after=("mot",)), title=Text(f"{LEAK} second step")),
    )
    workflow = WorkflowDefinition("rieng", Text(f"{LEAK} workflow"), Every.YEAR, ALONE, steps)
    key_task = KeyTaskDefinition("NV9", Text(f"{LEAK} key task"), f"{LEAK} source", ALONE, (workflow,))
    return replace(
        festival(1), number=f"{LEAK}/KH", title=Text(f"{LEAK} plan"), key_tasks=(key_task,), units=(*festival(1).units, unit(ALONE)),
        groups=(GroupDefinition("nhom-rieng", Text(f"{LEAK} group"), (ALONE,)),),
    )  # fmt: skip


DAY = date(2024, 5, 2)


class Two(Played):
    """The festival on `DAY` with the foreign plan beside it; huyen-02 has written something on a step of its own."""

    def __init__(self, db: Database, units: int = 3, day: date = DAY) -> None:
        super().__init__(db, day, festival(units))
        self.foreign_plan_id = publish(db, foreign_plan(), now=at(day), actor=SYSTEM)
        self.foreign_workflow_id = open_cycles(db, now=at(day), calendar=CALENDAR)[0]
        self.people(OFFICER, LONER, *(district(n) for n in range(1, units + 1)))
        self.act(district(2), "progress", "gop-y", "huyen-02", payload={"text": WRITTEN})
        self.act_foreign(LONER, "accept", "mot")

    def foreign_step(self, code: str) -> int:
        """The id of a step of the foreign plan."""
        query = select(steps_table.c.id).where(steps_table.c.workflow_id == self.foreign_workflow_id, steps_table.c.code == code)
        with self.db.read() as connection:
            return int(connection.execute(query).scalar_one())

    def act_foreign(self, actor: Actor, action: str, code: str) -> None:
        """One action on the foreign plan."""
        act(self.db, actor=actor, step_id=self.foreign_step(code), action=action, payload={}, now=at(self.day), calendar=CALENDAR)
