"""The same act on many steps: each is an action of its own, with a result of its own. One that is refused stops no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine import payload as given
from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.compiled import CompiledWorkflow
from engine.decide import offers, parse_action, wrong_status
from engine.definition import Text
from engine.errors import DondocError, Invalid, NotFound, Refused
from engine.instants import Now
from engine.statuses import WorkStatus
from engine.step_state import StepState, from_row
from engine.together import TOGETHER, offered, one_by_one
from engine.transitions import Action
from models import bulk as sql
from models.database import Database
from services.act import ActionResult, act
from services.definitions import workflow_of
from services.queries import naming

A = Action
MOST = 500  # steps at once
FARTHEST = 250  # working days of an extension by days
NO_REASON = frozenset({A.CHASE, A.RESUME, A.GRANT_EXTENSION})  # these take no reason, or a text or a document of their own


@dataclass(frozen=True, slots=True)
class Row:
    """One step as people read it, and whether the act is possible now: ``why`` says why not, None where it is.

    ``until``: the date that an extension by days would give. Confidential work shows its number alone.
    """

    step_id: int
    workflow_id: int
    place: Text
    number: int
    title: Text
    lead: str
    status: WorkStatus
    due_on: date | None
    until: date | None
    why: Text | None


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one step: ``done``, or ``error`` that says why not."""

    step_id: int
    done: ActionResult | None
    error: DondocError | None = None


def preview(
    db: Database, *, actor: Actor, action: str, steps: Sequence[int] = (), workflow_id: int | None = None, days: int | None = None,
    calendar: WorkCalendar,
) -> tuple[Row, ...]:  # fmt: skip
    """The steps chosen, or the open ones of a workflow, each with whether ``action`` is possible. Nothing is written.

    Raises what `bulk` raises before it acts.
    """
    named = _named(actor, action)
    with db.read() as connection:
        rows = _rows(connection, actor, steps, workflow_id)
        return tuple(_row(connection, row, named, actor, days, calendar) for row in rows)


def bulk(
    db: Database, *, actor: Actor, action: str, payload: Mapping[str, Any], key: str, now: Now, calendar: WorkCalendar,
    steps: Sequence[int] = (), workflow_id: int | None = None, days: int | None = None, on_progress: Callable[[int], None] | None = None,
) -> list[RowResult]:  # fmt: skip
    """Take ``action`` on each of ``steps``, or on every open step of a workflow, later ones first so that nothing opens to be ended.

    ``days``: extend each by so many working days from its own date, instead of to one date. ``payload`` may hold a ``document`` for all;
    where the action knows none it goes into the reason. The same ``key`` again does nothing twice. A step that is better taken by itself
    (`engine.together`) is refused in its row. Raises Refused (not the standing agency), Invalid
    (not a bulk action, nothing chosen, too many, wrong days), NotFound (no such workflow).
    """
    named = _named(actor, action)
    if days is not None and not 1 <= days <= FARTHEST:
        raise Invalid(Text(f"Từ 1 đến {FARTHEST} ngày làm việc.", f"From 1 to {FARTHEST} working days."), code="days", field="days")
    with db.read() as connection:
        rows = _rows(connection, actor, steps, workflow_id)
        apart = {row["id"]: _apart(workflow_of(connection, {**row, "code": row["workflow_code"]}), row, named) for row in rows}
        found = [from_row(row) for row in rows]
        granted = sql.granted(connection, actor.account_id, [f"{key}:{step.id}" for step in found]) if days is not None else {}
    results = []
    for step in found:
        own = _payload(named, payload, step, calendar, days=days, granted=granted.get(f"{key}:{step.id}"))
        why = apart[step.id]
        refused = RowResult(step.id, None, Refused(why, code="one-by-one")) if why else None
        results.append(refused or _take(db, actor, named, step.id, own, f"{key}:{step.id}", now, calendar))
        if on_progress:
            on_progress(step.id)
    missing = [RowResult(id_, None, NotFound()) for id_ in dict.fromkeys(steps) if id_ not in {step.id for step in found}]
    return [*results, *missing]


def _named(actor: Actor, action: str) -> Action:
    named = parse_action(action)
    if named not in TOGETHER:
        known = ", ".join(a.value for a in offered(actor))
        hint = Text(known, known)
        raise Invalid(Text("Thao tác này không làm hàng loạt được.", "This is not done in bulk."), code="action", field="action", hint=hint)
    if named not in offered(actor):
        raise Refused(Text("Chỉ dành cho cơ quan thường trực.", "Only for the standing agency."), code="relation")
    return named


def _apart(workflow: CompiledWorkflow, row: Any, action: Action) -> Text | None:
    """Why the step of ``row`` is better taken by itself; None if it is not."""
    return one_by_one(action, WorkStatus(row["status"]), workflow.steps[row["code"]])


def _rows(connection: Connection, actor: Actor, steps: Sequence[int], workflow_id: int | None) -> list[Any]:
    """The rows of the steps of which ``actor`` may know, those of a workflow from its last to its first."""
    if workflow_id is not None:
        if not sql.workflow_exists(connection, actor, workflow_id):
            raise NotFound()
        return sql.open_steps(connection, actor, workflow_id)
    chosen = list(dict.fromkeys(steps))
    if not chosen:
        raise Invalid(Text("Chưa chọn bước nào.", "Choose at least one step."), code="missing", field="step")
    if len(chosen) > MOST:
        raise Invalid(Text(f"Tối đa {MOST} bước một lần.", f"At most {MOST} steps at once."), code="too-many", field="step")
    return sql.steps(connection, actor, chosen)


def _row(connection: Connection, row: Any, action: Action, actor: Actor, days: int | None, calendar: WorkCalendar) -> Row:
    step, hidden = from_row(row), row["confidential"]
    workflow = workflow_of(connection, {**row, "code": row["workflow_code"]})
    offer = next((o for o in offers(step, workflow, actor) if o.action is action), None)
    extends = action is A.GRANT_EXTENSION and days is not None and 1 <= days <= FARTHEST and step.due_on is not None
    why = offer.why or _apart(workflow, row, action) if offer else wrong_status(action, step.status).text
    return Row(
        step.id, row["workflow_id"], naming.place(workflow, row["cycle"], confidential=hidden), naming.step_number(workflow, step.code),
        naming.step_title(workflow, step.code, confidential=hidden), step.lead, step.status, step.due_on,
        calendar.add(step.due_on, days) if extends and step.due_on and days else None, why,
    )  # fmt: skip


def _payload(
    action: Action, payload: Mapping[str, Any], step: StepState, calendar: WorkCalendar, *, days: int | None, granted: str | None
) -> dict[str, Any]:  # fmt: skip
    """What this step's action is given. ``granted``: the date that the same request gave it already, from which it must not count on."""
    own = {name: value for name, value in payload.items() if value not in (None, "")}
    document = given.text(dict(payload), "document")
    if action is A.GRANT_EXTENSION and days is not None and step.due_on is not None:
        own |= {"until": granted or calendar.add(step.due_on, days).isoformat(), "days": days}
    if document and action not in NO_REASON and own.get("reason"):
        own["reason"] = f"{own['reason']} ({document})"
    if action is not A.GRANT_EXTENSION:
        own.pop("document", None)
    return own


def _take(
    db: Database, actor: Actor, action: Action, step_id: int, payload: dict[str, Any], key: str, now: Now, calendar: WorkCalendar
) -> RowResult:  # fmt: skip
    try:
        done = act(db, actor=actor, step_id=step_id, action=action.value, payload=payload, key=key, now=now, calendar=calendar)
    except DondocError as error:
        return RowResult(step_id, None, error)
    return RowResult(step_id, done)
