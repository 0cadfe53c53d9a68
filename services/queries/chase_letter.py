"""What an official letter and a short message say when a step is chased by other ways than mail. A confidential title is in neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.access import Actor
from engine.definition import Text
from engine.errors import NotFound
from engine.instants import Now
from engine.statuses import UNFINISHED, WorkStatus
from models.database import Database
from models.reading import step as reading
from services.definitions import workflow_of
from services.queries import naming
from services.queries.units import UnitNames

ASKED = {
    False: Text("Đề nghị xử lý và báo tiến độ", "Please attend to it and report"),
    True: Text("Đề nghị xác nhận hoặc trả lại", "Please confirm or return it"),
}


@dataclass(frozen=True, slots=True)
class ChaseLetter:
    """``to``: the unit whose clock runs; ``title`` is "" where it is confidential; ``days``: calendar days late, 0 when not.

    ``confirms``: ``to`` has to confirm what was handed in, ``due_on`` is its own date for that. ``chat``: the short text, with the link.
    """

    step_id: int
    workflow_id: int
    to: str
    confirms: bool
    agency: str
    authority: str
    plan_number: str
    plan_title: str
    issued_on: date
    place: Text
    number: int
    title: str
    due_on: date | None
    days: int
    today: date
    chat: Text

    @property
    def to_itself(self) -> bool:
        """Whether the clock runs at the office that would write: nobody writes to itself."""
        return self.to == self.agency


def chase_letter(db: Database, viewer: Actor, step_id: int, now: Now, units: UnitNames, base_url: str) -> ChaseLetter:
    """The letter about ``step_id``. Raises `NotFound` for a step that ``viewer`` does not know, or that nobody has to finish any more."""
    with db.read() as connection:
        row = reading.page(connection, viewer, step_id)
        if row is None or WorkStatus(row["status"]) not in UNFINISHED:
            raise NotFound()
        workflow = workflow_of(connection, {"version_id": row["version_id"], "key_task": row["key_task"], "code": row["workflow_code"]})
    hidden = bool(row["confidential"])
    confirms = row["status"] == WorkStatus.SUBMITTED
    due_on, to = row["approval_due_on" if confirms else "due_on"], row["clock_holder"] or row["lead"]
    title = "" if hidden else workflow.steps[row["code"]].title.vi
    place = naming.place(workflow, row["cycle"], confidential=hidden)
    number = naming.step_number(workflow, row["code"])
    days = max(0, (now.today - due_on).days) if due_on else 0
    english = "" if hidden else workflow.steps[row["code"]].title.in_("en")
    unit = units.short(to)
    link = f"{base_url}/steps/{step_id}"
    asked = ASKED[confirms]
    vi = f"Đôn đốc {unit.vi}: {place.vi}, bước {number}{_dash(title)}.{_due_vi(due_on, days)} {asked.vi}: {link}"
    en = f"Reminder to {unit.in_('en')}: {place.in_('en')}, step {number}{_dash(english)}.{_due_en(due_on, days)} {asked.in_('en')}: {link}"
    plan = workflow.plan
    return ChaseLetter(
        step_id, row["workflow_id"], to, confirms, plan.standing_agency, plan.authority, plan.number, plan.title.vi, plan.issued_on, place,
        number, title, due_on, days, now.today, Text(vi, en),
    )  # fmt: skip


def _dash(title: str) -> str:
    return f" - {title}" if title else ""


def _due_vi(due_on: date | None, days: int) -> str:
    late = f", quá hạn {days} ngày" if days else ""
    return f" Hạn {due_on:%d/%m/%Y}{late}." if due_on else ""


def _due_en(due_on: date | None, days: int) -> str:
    late = f", {days} day{'s' * (days > 1)} late" if days else ""
    return f" Due {due_on:%d/%m/%Y}{late}." if due_on else ""
