"""The floor: a bare SQLModel transaction that writes the same rows as the action, with nothing decided, checked, chained or locked.

What an action wrote is recorded once, column by column and row by row; the floor writes it to a twin workflow through ``Session``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Table, select
from sqlmodel import Session, SQLModel

from benchmarks.acting import Call, calls_of
from models.database import Database
from models.journal import JournalEntry
from models.notices import Notice
from models.steps import Deadline, Round, Step
from models.tables import deadline, journal_entry, notice, round_, step, workflow
from models.workflows import Workflow

Place = tuple[str, str]  # a step's code and slot


@dataclass(frozen=True, slots=True)
class Written:
    """What one action wrote: new values of the workflow and of steps, and new rows (of a step, where a place is given)."""

    workflow: dict[str, Any]
    steps: dict[Place, dict[str, Any]]
    rows: list[tuple[type[SQLModel], Place | None, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Stored:
    workflow: RowMapping
    steps: dict[Place, RowMapping]
    rows: dict[type[SQLModel], dict[Any, RowMapping]]


def recorded(db: Database, workflow_id: int) -> list[Written]:
    """Carry out every action of a workflow and note what each wrote."""
    found, before = [], _stored(db, workflow_id)
    for call in calls_of(db, workflow_id):
        call()
        after = _stored(db, workflow_id)
        found.append(_difference(before, after))
        before = after
    return found


def floor_calls(db: Database, workflow_id: int, script: list[Written]) -> list[Call]:
    """The recorded transactions as calls that write to another workflow of the same shape."""
    places = {place: int(row["id"]) for place, row in _stored(db, workflow_id).steps.items()}
    return [_transaction(db, workflow_id, places, _moved(written, workflow_id, places)) for written in script]


def _transaction(db: Database, workflow_id: int, places: dict[Place, int], written: Written) -> Call:
    def call() -> None:
        with Session(db.engine) as session:
            flow = session.get(Workflow, workflow_id)
            for name, value in written.workflow.items():
                setattr(flow, name, value)
            for place, changes in written.steps.items():
                one = session.get(Step, places[place])
                for name, value in changes.items():
                    setattr(one, name, value)
            for model, _, values in written.rows:
                session.add(model(**values))
            session.commit()

    return call


def _moved(written: Written, workflow_id: int, places: dict[Place, int]) -> Written:
    """The same rows for another workflow: its ids, its stream, keys of its own."""
    rows = []
    for model, place, values in written.rows:
        values = {**values, **({"step_id": places[place]} if place else {})}
        for name in ("stream", "key", "idem_key"):
            if values.get(name):
                values[name] = f"floor:{workflow_id}:{values[name]}" if name != "stream" else f"floor:{workflow_id}"
        if "workflow_id" in values:
            values["workflow_id"] = workflow_id
        rows.append((model, place, values))
    return Written(written.workflow, written.steps, rows)


def _stored(db: Database, workflow_id: int) -> _Stored:
    with db.read() as connection:

        def rows(table: Table, condition: Any) -> list[RowMapping]:
            return list(connection.execute(select(table).where(condition)).mappings())

        steps = rows(step, step.c.workflow_id == workflow_id)
        ids = [s["id"] for s in steps]
        found: dict[type[SQLModel], dict[Any, RowMapping]] = {
            Round: {(r["step_id"], r["number"]): r for r in rows(round_, round_.c.step_id.in_(ids))},
            Deadline: {(r["step_id"], r["due_version"]): r for r in rows(deadline, deadline.c.step_id.in_(ids))},
            JournalEntry: {r["seq"]: r for r in rows(journal_entry, journal_entry.c.stream == f"workflow:{workflow_id}")},
            Notice: {r["key"]: r for r in rows(notice, notice.c.workflow_id == workflow_id)},
        }
        return _Stored(rows(workflow, workflow.c.id == workflow_id)[0], {(s["code"], s["slot"]): s for s in steps}, found)


def _difference(before: _Stored, after: _Stored) -> Written:
    steps = {place: changed for place, row in after.steps.items() if (changed := _changed(before.steps[place], row))}
    places = {row["id"]: place for place, row in after.steps.items()}
    rows = [
        (model, places.get(row["step_id"]), {name: value for name, value in row.items() if name != "id"})
        for model, found in after.rows.items()
        for key, row in found.items()
        if key not in before.rows[model]
    ]
    return Written(_changed(before.workflow, after.workflow), steps, rows)


def _changed(before: RowMapping, after: RowMapping) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before[name] != value}
