"""What a change of units would bring about, as people read it: steps, who confirms, groups, people, who hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine.coherence.problems import Problem, Report
from engine.compiled import CompiledWorkflow, compile_workflow
from engine.definition import PlanDefinition, Text
from engine.instants import Now
from engine.statuses import WorkStatus
from engine.step_state import from_row
from engine.succession import group_after, succeeded, workflow_after
from engine.unit_move import StepMove, step_after
from engine.units import UnitChange
from models import publishing, running_dates
from models import unit_changes as sql
from services.definitions import plan_of, workflow_of
from services.queries import naming
from services.unit_view import group_titles

AT_ONCE = 100  # workflows


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step with another lead, or confirmed by somebody else. Confidential work shows its number alone.

    ``agency_instead``: the named successor would be confirmed by nobody, so the standing agency leads. ``own``: the successor used to
    confirm it, so another unit does from now on.
    """

    step_id: int
    workflow_id: int
    place: Text
    number: int
    title: Text
    status: WorkStatus
    due_on: date | None
    slot: str
    old: str
    new: str
    approvers: tuple[str, ...]
    approvers_after: tuple[str, ...]
    agency_instead: bool
    own: bool

    @property
    def new_lead(self) -> bool:
        """Whether it goes to another unit."""
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who works in another unit afterwards."""

    account_id: int
    name: str
    role: str
    unit: str
    successor: str


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group of which a unit makes place for its successors; new cycles open for them."""

    group: str
    title: Text
    unit: str
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A change, its ``problems``, and what it would bring about. ``told``: how many people hear of it, gathered in the mail of a day.

    ``seen`` stands for exactly this; recording refuses if it is another by then.
    """

    change: UnitChange
    problems: tuple[Problem, ...]
    lines: tuple[StepLine, ...]
    people: tuple[PersonLine, ...]
    groups: tuple[GroupLine, ...]
    told: int
    seen: str = ""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep it from being recorded."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def moved(self) -> tuple[StepLine, ...]:
        """The steps that go to another unit."""
        return tuple(line for line in self.lines if line.new_lead)


def preview_of(connection: Connection, change: UnitChange, now: Now, report: Report) -> Preview:
    """What ``change`` would do to what runs; adds to ``report`` what only running work shows."""
    lines = tuple(sorted(_lines(connection, change), key=lambda line: (line.old, line.place.vi, line.number, line.step_id)))
    _check_running(connection, change, lines, report)
    members = [row for row in sql.people_of(connection, change.heirs) if change.heirs[row["unit"]]]
    people = tuple(
        PersonLine(row["account_id"], row["name"], row["role"], row["unit"], change.default_after(row["unit"])) for row in members
    )  # fmt: skip
    titles = group_titles(connection)
    groups = tuple(
        GroupLine(place["group"], titles.get(place["group"], Text(place["group"])), unit, group_after((unit,), change))
        for unit in change.heirs
        for place in sql.places_in_groups(connection, unit, max(change.on, now.today))
    )
    return Preview(change, tuple(report.problems), lines, people, groups, _told(connection, lines, people))


def _lines(connection: Connection, change: UnitChange) -> Iterator[StepLine]:
    plans: dict[int, PlanDefinition] = {}
    after_id = 0
    while rows := running_dates.running_workflows(connection, after_id, AT_ONCE):
        after_id = rows[-1]["id"]
        steps = running_dates.unfinished_steps(connection, [row["id"] for row in rows])
        for row in rows:
            before = workflow_of(connection, row)
            plan = plans.setdefault(id(before.plan), succeeded(before.plan, change))
            after = compile_workflow(plan, before.key_task, workflow_after(before.definition, before.key_task, change))
            for step in (each for each in steps if each["workflow_id"] == row["id"]):
                move = step_after(from_row(step), before, after, change)
                if move:
                    yield _line(row, before, move, step["due_on"] or step["planned_on"])


def _line(row: Any, before: CompiledWorkflow, move: StepMove, due_on: date | None) -> StepLine:
    hidden, step = row["confidential"], move.step
    return StepLine(
        step_id=step.id,
        workflow_id=row["id"],
        place=naming.place(before, row["cycle"], confidential=hidden),
        number=naming.step_number(before, step.code),
        title=naming.step_title(before, step.code, confidential=hidden),
        status=step.status,
        due_on=due_on,
        slot=step.slot,
        old=step.lead,
        new=move.lead,
        approvers=move.approvers,
        approvers_after=move.approvers_after,
        agency_instead=move.agency_instead,
        own=move.lead != step.lead and move.lead in move.approvers,
    )


def _check_running(connection: Connection, change: UnitChange, lines: tuple[StepLine, ...], report: Report) -> None:
    """Units that leave open work to nobody, and steps named that are none of theirs."""
    alone = {unit for unit, shares in change.heirs.items() if not shares}
    open_steps = sql.open_steps_of(connection, alone)
    leads = {line.step_id: line.old for line in lines}
    for j, part in enumerate(change.parts):
        for unit in alone & set(part.ending):
            left = open_steps.get(unit, 0)
            if left or _is_named(connection, unit):
                message = Text(
                    f"“{unit}” còn {left} bước chưa xong, hoặc còn được nêu trong kế hoạch, mà không có đơn vị kế thừa",
                    f"“{unit}” leaves {left} open step(s), or is named in a plan, and has no successor",
                )
                hint = Text("Chọn đơn vị kế thừa.", "Choose a successor.")
                report.error(f"unit_changes[0].parts[{j}]", "no-successor", message, hint)
        for k, share in enumerate(part.into):
            for step in share.steps:
                if step.startswith("#") and leads.get(int(step[1:]) if step[1:].isdecimal() and len(step) < 18 else 0) not in part.ending:
                    message = Text(f"Bước {step} không do đơn vị này chủ trì", f"The step {step} is not led by this unit")
                    report.error(f"unit_changes[0].parts[{j}].into[{k}].steps", "not-its-step", message)


def _is_named(connection: Connection, unit: str) -> bool:
    """Whether a plan in force names ``unit`` as lead, as approver or as one of its bodies."""
    for row in publishing.published_plans(connection):
        plan = plan_of(connection, row["version_id"])
        steps = [step for _, workflow in plan.workflows() for step in workflow.steps]
        approvers = {code for step in steps for link in step.approve or () for code in link.units}
        leads = {*(step.lead for step in steps), *(workflow.lead for _, workflow in plan.workflows())}
        if unit in approvers | leads | {plan.standing_agency, plan.steering_committee, plan.authority}:
            return True
    return False


def _told(connection: Connection, lines: tuple[StepLine, ...], people: tuple[PersonLine, ...]) -> int:
    units = {line.new for line in lines if line.new_lead}
    there = {row["account_id"] for row in sql.people_of(connection, units)} if units else set()
    return len(there | {person.account_id for person in people if person.successor in units})
