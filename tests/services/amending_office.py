"""The festival's office, where the plan is amended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, select

from engine.access import Actor
from engine.definition import PlanDefinition, StepDefinition, WorkflowDefinition
from engine.instants import at_local
from models.database import Database
from models.tables import amendment, deadline, step, workflow
from services.amend import apply, propose
from services.amend_preview import Line, Preview
from services.invariants import violations
from services.open_cycles import open_cycles
from services.published import version_of
from tests.factories import CALENDAR, OFFICER
from tests.factories import step as a_step
from tests.services.mailing import Mailing

DOCUMENT = "Kế hoạch 12/KH-UBND ngày 03/06/2024"
Edit = Callable[[StepDefinition], StepDefinition]


class Office(Mailing):
    """The festival with people; `amend` changes steps of its plan as it stands."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)

    def in_force(self) -> PlanDefinition:
        """The version in force."""
        return version_of(self.db, self.plan_id).definition

    def with_steps(
        self, *, remove: tuple[str, ...] = (), add: tuple[StepDefinition, ...] = (), **edits: Edit | dict[str, Any]
    ) -> PlanDefinition:
        """The plan in force with steps edited (keyword: code with underscores), removed or added."""
        named = {code.replace("_", "-"): edit for code, edit in edits.items()}

        def edited(one: StepDefinition) -> StepDefinition:
            edit = named.get(one.code)
            if edit is None:
                return one
            return replace(one, **edit) if isinstance(edit, dict) else edit(one)

        return self.with_workflow(
            lambda w: replace(w, steps=(*(edited(s) for s in w.steps if s.code not in remove and not s.withdrawn), *add))
        )

    def with_workflow(self, edit: Callable[[WorkflowDefinition], WorkflowDefinition]) -> PlanDefinition:
        """The plan in force with its one workflow edited."""
        plan = self.in_force()
        task = plan.key_tasks[0]
        return replace(plan, key_tasks=(replace(task, workflows=(edit(task.workflows[0]),)),))

    def propose(self, plan: PlanDefinition) -> Preview:
        """What it would do."""
        return propose(self.db, self.plan_id, plan, now=self.now(), calendar=CALENDAR)

    def lines(self, plan: PlanDefinition) -> list[Line]:
        """The lines of the only workflow."""
        found = self.propose(plan).workflows
        return list(found[0].lines) if found else []

    def amend(self, plan: PlanDefinition, *, key: str = "k", actor: Actor = OFFICER, **more: Any) -> int:
        """Agree to it."""
        return apply(
            self.db, self.plan_id, plan, document=DOCUMENT, actor=actor, key=key, now=self.now(), calendar=CALENDAR, **more
        )  # fmt: skip

    def amend_by(self, document: str, plan: PlanDefinition) -> int:
        """Agree to it with another document, under the same key."""
        return apply(self.db, self.plan_id, plan, document=document, actor=OFFICER, key="k", now=self.now(), calendar=CALENDAR)

    def open_cycles(self) -> None:
        """Open what is due today."""
        open_cycles(self.db, now=self.now(), calendar=CALENDAR)

    def rows_of_workflows(self) -> list[tuple[str, str]]:
        """(code, cycle) of every workflow."""
        with self.db.read() as connection:
            return [(row.code, row.cycle) for row in connection.execute(select(workflow.c.code, workflow.c.cycle).order_by(workflow.c.id))]

    def ledger(self, code: str, slot: str = "") -> list[tuple[str, date | None]]:
        """(kind, date) of a step's ledger."""
        own = self.step(code, slot)["id"]
        query = select(deadline.c.kind, deadline.c.due_on).where(deadline.c.step_id == own).order_by(deadline.c.due_version)
        with self.db.read() as connection:
            return [(row.kind, row.due_on) for row in connection.execute(query)]

    def record(self) -> RowMapping:
        """The last amendment."""
        with self.db.read() as connection:
            return connection.execute(select(amendment).order_by(amendment.c.id.desc()).limit(1)).mappings().one()

    def everything(self) -> tuple[Any, ...]:
        """What may not change where something is refused."""
        with self.db.read() as connection:
            tables = (workflow, step, deadline, amendment)
            return tuple(tuple(map(tuple, connection.execute(select(t).order_by(*t.primary_key.columns)))) for t in tables)

    def whole(self) -> None:
        """Every invariant holds."""
        now = self.now(23, 30)
        found = violations(self.db, now=now, calendar=CALENDAR)
        assert found == [], "\n".join(map(str, found))
        assert now.business == at_local(self.day, 23, 30)


def new_step(code: str, **more: Any) -> StepDefinition:
    """A step to add."""
    return a_step(code, **more)
