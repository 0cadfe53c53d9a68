"""The page "my work": everything that waits for the account's units, the most urgent first, with one next action a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from engine.access import Actor
from engine.approval import chain
from engine.definition import Text
from engine.instants import Now, local_day
from engine.statuses import Timeliness, WorkStatus
from engine.transitions import Action, find
from models.database import Database
from models.reading import accounts
from models.reading import my_work as sql
from models.reading.lines import StepRow
from models.reading.my_work import Handled
from services.queries.lines import StepLine, definition_of, step_lines

S, T = WorkStatus, Timeliness
MOST = 100  # rows of one group; the counts say how many there are
MOST_WAITING = 20
MOST_DONE = 10
FAR = 14  # days from which on there is nothing to press for
DONE_WITHIN = timedelta(days=14)


class GroupCode(StrEnum):
    OVERDUE = "overdue"
    RETURNED = "returned"
    DUE_SOON = "due-soon"
    TO_APPROVE = "to-approve"
    TO_DECIDE = "to-decide"
    TO_DO = "to-do"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Next:
    """The one next action of a row. ``weight``: main (late), plain, or quiet (nothing to do but look)."""

    label: Text
    icon: str
    weight: str


@dataclass(frozen=True, slots=True)
class WorkRow:
    """``returned_on`` and ``why``: when and with which words the step was handed back. ``approve_days``: left for deciding.

    ``handler``: the name of who handles it in the lead unit, "" where nobody is named.
    """

    step: StepLine
    next: Next
    returned_on: date | None = None
    why: str = ""
    approve_days: int | None = None
    handler: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """``total``: how many there are; ``rows`` may be fewer."""

    code: GroupCode
    rows: tuple[WorkRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class MyWork:
    """``has_units``: whether the account belongs to a unit at all. Groups without rows are left out.

    ``handled``: which of the units' own steps were asked for; ``own``: how many unfinished ones there are for each that can be.
    """

    groups: tuple[Group, ...]
    has_units: bool
    handled: Handled = Handled.ALL
    own: dict[Handled, int] = field(default_factory=dict)

    def total(self, code: str) -> int:
        """How many rows the group ``code`` has in all; 0 if it is left out."""
        return next((g.total for g in self.groups if g.code == code), 0)

    @property
    def late_approvals(self) -> int:
        """How many of the steps to approve are past the approver's own date; these stand first in their group."""
        return sum((row.approve_days or 0) < 0 for g in self.groups for row in g.rows)


LOOK = Next(Text("Xem bước", "Look at it"), "", "quiet")
DECIDE = Next(Text("Xem và duyệt", "Review"), "sub", "plain")
DECIDE_LATE = replace(DECIDE, weight="main")
ANSWER = Next(Text("Xem và trả lời", "Answer"), "talk", "plain")


def my_work(db: Database, viewer: Actor, now: Now, handled: Handled = Handled.ALL) -> MyWork:
    """What the units of ``viewer`` have to do, decide and wait for at ``now``; for the standing agency also what it must answer.

    ``handled`` narrows the units' own steps alone: what waits for a decision always stands there.
    """
    with db.read() as connection:
        counts = sql.counts(connection, viewer, handled, now)
        led = sql.to_do(connection, viewer, MOST, handled)
        returned = sql.last_returns(connection, viewer, [r.id for r in led if r.status == S.RETURNED])
        to_do = [_to_do_row(line, returned) for line in step_lines(connection, led, now)]
        submitted = [row for row in sql.submitted(connection, viewer, MOST) if my_turn(connection, row, viewer)]
        approvals = [_approval_row(line, now) for line in step_lines(connection, submitted, now)]
        undecided = sql.undecided(connection, viewer, MOST) if "agency" in viewer.roles else ()
        answers = [WorkRow(line, ANSWER) for line in step_lines(connection, undecided, now)]
        waiting = [WorkRow(line, LOOK) for line in step_lines(connection, sql.waiting(connection, viewer, MOST_WAITING, handled), now)]
        finished = sql.recently_done(connection, viewer, now.today - DONE_WITHIN, MOST_DONE, handled)
        done = [WorkRow(line, LOOK) for line in step_lines(connection, finished, now)]
        named = sorted({row.step.handler for row in (*to_do, *waiting) if row.step.handler is not None})
        names = accounts.names(connection, named) if named else {}
    own, later = _by_urgency(_handled_by(to_do, names)), _handled_by(waiting, names)
    unseen = counts["working"] - len(to_do)
    groups = (
        _group(GroupCode.OVERDUE, own[GroupCode.OVERDUE], counts["overdue"]),
        _group(GroupCode.RETURNED, own[GroupCode.RETURNED]),
        _group(GroupCode.DUE_SOON, own[GroupCode.DUE_SOON]),
        _group(GroupCode.TO_APPROVE, approvals),
        _group(GroupCode.TO_DECIDE, answers),
        _group(GroupCode.TO_DO, own[GroupCode.TO_DO], len(own[GroupCode.TO_DO]) + unseen),
        _group(GroupCode.WAITING, later, counts["waiting"]),
        _group(GroupCode.DONE, done),
    )
    return MyWork(tuple(g for g in groups if g.rows), bool(viewer.units), handled, {h: counts[h.name] for h in Handled})


def _handled_by(rows: list[WorkRow], names: Mapping[int, str]) -> list[WorkRow]:
    return [replace(row, handler=names.get(row.step.handler, "")) if row.step.handler is not None else row for row in rows]


def _by_urgency(rows: list[WorkRow]) -> dict[GroupCode, list[WorkRow]]:
    """Each row in one group: overdue before returned before due soon."""
    groups: dict[GroupCode, list[WorkRow]] = {c: [] for c in (GroupCode.OVERDUE, GroupCode.RETURNED, GroupCode.DUE_SOON, GroupCode.TO_DO)}
    for row in rows:
        if row.step.timeliness is T.OVERDUE:
            code = GroupCode.OVERDUE
        elif row.step.status is S.RETURNED:
            code = GroupCode.RETURNED
        else:
            code = GroupCode.DUE_SOON if row.step.timeliness is T.DUE_SOON else GroupCode.TO_DO
        groups[code].append(row)
    return groups


def next_for(step: StepLine) -> Next:
    """What the lead unit does next with a step whose clock it holds."""
    weight = "main" if step.timeliness is T.OVERDUE else "plain"
    if step.status is S.RETURNED:
        return Next(Text("Sửa và nộp lại", "Mend and resubmit"), "send", weight)
    if step.window and step.chosen_on is None:
        return Next(_label(Action.CHOOSE_DAY, step.status), "cal", weight)
    if step.status is S.OPEN:
        return Next(_label(Action.ACCEPT, step.status), "hand", weight)
    return LOOK if step.left_days is not None and step.left_days > FAR else Next(_label(Action.SUBMIT, step.status), "send", weight)


def _label(action: Action, status: WorkStatus) -> Text:
    row = find(action, status)
    return row.label if row else LOOK.label


def _to_do_row(line: StepLine, returned: dict[int, tuple[datetime, str]]) -> WorkRow:
    at, why = returned.get(line.id, (None, ""))
    return WorkRow(line, next_for(line), local_day(at) if at else None, why)


def _approval_row(line: StepLine, now: Now) -> WorkRow:
    days = (line.approval_due_on - now.today).days if line.approval_due_on else None
    return WorkRow(line, DECIDE_LATE if days is not None and days < 0 else DECIDE, approve_days=days)


def my_turn(connection: Connection, row: StepRow, viewer: Actor) -> bool:
    """Whether the current link of the step's chain waits for a unit of ``viewer``."""
    workflow = definition_of(connection, row)
    links = chain(workflow.steps[row.code], row.lead, workflow.plan)
    awaited = frozenset(links[row.link].units) - frozenset(row.link_approved or ()) if row.link < len(links) else frozenset()
    return not awaited.isdisjoint(viewer.units)


def _group(code: GroupCode, rows: list[WorkRow], total: int | None = None) -> Group:
    return Group(code, tuple(rows), len(rows) if total is None else total)
