"""The plan under measurement: every month each unit reports a figure, the standing agency confirms, a summary follows the last one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from engine.access import SYSTEM
from engine.dates import parse_rule
from engine.definition import (
    Every,
    Figure,
    GroupDefinition,
    KeyTaskDefinition,
    PlanDefinition,
    Predecessor,
    StepDefinition,
    Text,
    WorkflowDefinition,
)
from models.database import Database
from models.tables import step
from services.open_cycles import open_cycles
from services.publish import publish
from tests.factories import AGENCY, AUTHORITY, CALENDAR, COMMITTEE, ISSUED, at, unit

DAY = date(2024, 12, 2)
MONTHS = 12  # that have opened by then
REPORT, SUMMARY = "bao-cao", "tong-hop"


@dataclass(frozen=True, slots=True)
class StepAt:
    """A unit's open step, as a page would know it."""

    id: int
    slot: str
    version: int


def monthly_reports(units: int, parts: int) -> PlanDefinition:
    """``parts`` workflows a month, each fanning out over the same ``units``."""
    of, group = f"nhom-{units}", tuple(f"don-vi-{n:03}" for n in range(1, units + 1))
    figures = (Figure("so", Text("Số cuộc"), min=0, required=True, sum=True),)
    steps = (
        StepDefinition(REPORT, Text("Báo cáo tháng"), parse_rule("quarter-end-month/14"), for_each=of, figures=figures),
        StepDefinition(SUMMARY, Text("Tổng hợp"), parse_rule("+5wd"), lead=AGENCY, after=(Predecessor(REPORT),)),
    )
    workflows = tuple(WorkflowDefinition(f"thang-{n}", Text("Báo cáo"), Every.MONTH, AGENCY, steps) for n in range(parts))
    return PlanDefinition(
        number=f"{units}/KH-DO", title=Text("Kế hoạch để đo"), issuer=Text("UBND tỉnh"), issued_on=ISSUED, from_=ISSUED,
        to=date(2024, 12, 31), tracked_from=ISSUED, standing_agency=AGENCY, steering_committee=COMMITTEE, authority=AUTHORITY,
        units=tuple(unit(code) for code in (AGENCY, COMMITTEE, AUTHORITY, *group)),
        groups=(GroupDefinition(of, Text("Đơn vị"), group),),
        key_tasks=(KeyTaskDefinition("NV1", Text("Báo cáo"), "Báo cáo hằng tháng", AGENCY, workflows),),
    )  # fmt: skip


def opened(db: Database, *, units: int, workflows: int) -> list[int]:
    """Publish a plan of ``units`` and open at least so many workflows of it; their ids."""
    publish(db, monthly_reports(units, -(-workflows // MONTHS)), now=at(DAY), actor=SYSTEM)
    return open_cycles(db, now=at(DAY), calendar=CALENDAR)


def reports_of(db: Database, workflow_id: int) -> list[StepAt]:
    """The units' steps of one workflow."""
    query = (
        select(step.c.id, step.c.slot, step.c.version).where(step.c.workflow_id == workflow_id, step.c.code == REPORT).order_by(step.c.id)
    )
    with db.read() as connection:
        return [StepAt(row.id, row.slot, row.version) for row in connection.execute(query)]
