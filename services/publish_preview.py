"""What publishing a plan would bring about: every step, unit and date of its whole period, and every mail of the first days.

It publishes into a database of its own, with the people of the real one, by the functions that publish, and throws that away: so it says
what would happen, not what somebody thought would. The real database is only read.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from engine.access import SYSTEM
from engine.calendar import WorkCalendar
from engine.compiled import compile_workflow
from engine.cycles import cycles
from engine.definition import PlanDefinition, Text
from engine.instants import Now
from engine.journal import canonical
from engine.schedule import PlannedStep, plan_steps
from models import publishing
from models.database import Database, sqlite_url
from models.office_copy import copy_office, copy_places
from models.schema import create_all
from notifications.hours import OfficeHours
from plans.codec import to_json
from services.amend_reading import members_on
from services.foresee import Foreseen, foresee
from services.open_cycles import open_cycles
from services.publish import publish
from services.queries import naming
from services.sweep import sweep

MAIL_DAYS = 14
NOT_APPLICABLE, PRIOR, LATE, NOW, LATER = "not-applicable", "prior", "late", "now", "later"
STATE_TEXT = {
    NOT_APPLICABLE: Text("không áp dụng: hạn trước ngày ban hành", "not applicable: due before the plan was issued"),
    PRIOR: Text("trước ngày bắt đầu theo dõi", "prior: due before tracking begins"),
    LATE: Text("quá hạn ngay khi công bố", "overdue from the start"),
    NOW: Text("mở ngay", "opens at once"),
    LATER: Text("mở sau", "opens later"),
}


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One step of one unit. ``on``: the due date, or where ``estimated`` the day on which it is expected to be due.

    ``state``: a key of `STATE_TEXT`. ``opens_on``: when its workflow comes into being.
    """

    name: Text
    number: int
    title: Text
    unit: str
    on: date | None
    estimated: bool
    state: str
    opens_on: date


@dataclass(frozen=True, slots=True)
class Publishing:
    """``mails``: all that people would hear within ``mail_days``, in time order. ``seen`` stands for exactly this plan."""

    definition: PlanDefinition
    lines: tuple[PlannedLine, ...]
    workflows: int
    running: int
    mails: tuple[Foreseen, ...]
    nobody: int
    mail_days: int
    seen: str

    @property
    def states(self) -> dict[str, int]:
        """How many steps are in each state."""
        found = Counter(line.state for line in self.lines)
        return {state: found[state] for state in STATE_TEXT}

    @property
    def gathered(self) -> tuple[tuple[PlannedLine, tuple[str, ...]], ...]:
        """The lines, those next to each other that differ in nothing but their unit as the first of them with all the units."""
        alike = (tuple(lines) for _, lines in groupby(self.lines, lambda line: replace(line, unit="")))
        return tuple((lines[0], tuple(each.unit for each in lines)) for lines in alike)

    @property
    def letters(self) -> tuple[tuple[date, str, int], ...]:
        """(day, how, number) of the mails: what is gathered is one mail a person and day."""
        immediate = Counter((m.on, m.how) for m in self.mails if m.how == "immediate")
        gathered = Counter((on, how) for on, how, _ in {(m.on, m.how, m.account_id) for m in self.mails if m.how == "digest"})
        return tuple((on, how, number) for (on, how), number in sorted((immediate + gathered).items()))


def publishing_preview(db: Database, definition: PlanDefinition, *, now: Now, calendar: WorkCalendar, hours: OfficeHours) -> Publishing:
    """What publishing ``definition`` at ``now`` would bring about. Nothing is written to ``db``."""
    with tempfile.TemporaryDirectory(prefix="dondoc-preview-") as folder:
        trial = Database(sqlite_url(Path(folder) / "trial.sqlite"), durable=False)
        try:
            create_all(trial)
            with db.read() as source, trial.write() as target:
                copy_office(source, target)
            publish(trial, definition, now=now, actor=SYSTEM)
            with db.read() as source, trial.write() as target:
                copy_places(source, target)
            opened = open_cycles(trial, now=now, calendar=calendar)
            sweep(trial, now=now, calendar=calendar)
            told = foresee(trial, SYSTEM, now=now, calendar=calendar, hours=hours, days=MAIL_DAYS)
            lines = tuple(_lines(trial, definition, now.today, calendar))
        finally:
            trial.close()
    running = len(opened)
    workflows = sum(len(cycles(w, definition)) for _, w in definition.workflows())
    seen = sha256(canonical({"plan": to_json(definition), "today": now.today.isoformat()}).encode()).hexdigest()[:32]
    return Publishing(definition, lines, workflows, running, told.messages, len(told.nobody), MAIL_DAYS, seen)


def _lines(trial: Database, definition: PlanDefinition, today: date, calendar: WorkCalendar) -> Iterator[PlannedLine]:
    with trial.read() as connection:
        opened = publishing.open_places(connection)
        for task, workflow in definition.workflows():
            compiled = compile_workflow(definition, task, workflow)
            for cycle in cycles(workflow, definition):
                day = cycle.opens_on
                planned = plan_steps(workflow, definition, cycle, calendar, members_on(connection, day))
                name = naming.workflow_name(compiled, cycle.code, confidential=workflow.confidential)
                for p in planned:
                    title = naming.step_title(compiled, p.code, confidential=workflow.confidential)
                    number = naming.step_number(compiled, p.code)
                    state = _state(p, today, ready=(task or "", workflow.code, cycle.code, p.code, p.slot or "") in opened)
                    yield PlannedLine(name, number, title, p.lead, p.due_on or p.planned_on, p.due_on is None, state, day)


def _state(planned: PlannedStep, today: date, *, ready: bool) -> str:
    if planned.not_applicable or planned.prior:
        return NOT_APPLICABLE if planned.not_applicable else PRIOR
    if planned.due_on is not None and planned.due_on < today:
        return LATE
    return NOW if ready else LATER
