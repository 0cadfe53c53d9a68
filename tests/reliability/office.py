"""An office with as many steps to complete as wanted: every unit submits each of its steps, the standing agency approves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from engine.access import SYSTEM, Membership
from engine.definition import Every, GroupDefinition, KeyTaskDefinition, PlanDefinition, Text, WorkflowDefinition
from models.database import Database, sqlite_url
from models.migrate import upgrade
from models.tables import step
from services import clock
from services.accounts import create_account
from services.open_cycles import open_cycles
from services.publish import publish
from tests.factories import AGENCY, AUTHORITY, CALENDAR, COMMITTEE, ISSUED, at, unit
from tests.factories import step as a_step

DAY = date(2024, 6, 10)
"""A working day, on which the simulated clock stands at 09:00: mail may leave."""
UNITS, STEPS = 48, 10
PASSWORD = "mật khẩu khi bị tắt ngang"


@dataclass(frozen=True, slots=True)
class Work:
    """A step to be completed, and the unit that does it."""

    step_id: int
    unit: str


def units_of(completions: int) -> tuple[str, ...]:
    """The units that share so many completions."""
    return tuple(f"don-vi-{n:02}" for n in range(1, min(UNITS, -(-completions // STEPS)) + 1))


def plan_of(completions: int) -> PlanDefinition:
    """A plan with at least so many steps, ten a unit and workflow, all open from the first day."""
    group = units_of(completions)
    workflows = -(-completions // (len(group) * STEPS))
    steps = tuple(a_step(f"viec-{n}", due="31/07", for_each="don-vi") for n in range(1, STEPS + 1))
    return PlanDefinition(
        number="1/KH-BEN", title=Text("Kế hoạch thử độ bền"), issuer=Text("UBND"), issued_on=ISSUED, from_=ISSUED, to=date(2024, 12, 31),
        tracked_from=ISSUED, standing_agency=AGENCY, steering_committee=COMMITTEE, authority=AUTHORITY,
        units=tuple(unit(code) for code in (AGENCY, COMMITTEE, AUTHORITY, *group)),
        groups=(GroupDefinition("don-vi", Text("Đơn vị"), group),),
        key_tasks=(KeyTaskDefinition("NV1", Text("Việc"), "Việc phải làm", AGENCY, tuple(
            WorkflowDefinition(f"phan-{n}", Text(f"Phần {n}"), Every.ONCE, AGENCY, steps) for n in range(1, workflows + 1))),),
    )  # fmt: skip


def prepare(data: Path, completions: int) -> list[Work]:
    """Make the database in ``data``: the plan running, an account for each unit and the agency; the steps to complete, unit by unit."""
    data.mkdir(parents=True, exist_ok=True)
    db = Database(sqlite_url(data / "dondoc.sqlite"), durable=False)
    try:
        upgrade(db)
        publish(db, plan_of(completions), now=at(DAY), actor=SYSTEM)
        open_cycles(db, now=at(DAY), calendar=CALENDAR)
        clock.start(db, at(DAY).business)
        for code in (AGENCY, *units_of(completions)):
            create_account(
                db, login=code, name=f"Người {code}", address=f"{code}@example.vn", memberships=[Membership(code)],
                roles=("agency",) if code == AGENCY else (), password=PASSWORD,
            )  # fmt: skip
        return works(db)[:completions]
    finally:
        db.close()


def works(db: Database) -> list[Work]:
    """Every step of the plan, in the order in which they are done."""
    with db.read() as connection:
        rows = connection.execute(select(step.c.id, step.c.slot).order_by(step.c.code, step.c.workflow_id, step.c.slot))
        return [Work(row.id, row.slot) for row in rows]
