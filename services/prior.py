"""Closing prior steps from a spreadsheet: everything is checked first, nothing is written while anything is wrong.

The steps stay prior: they are in no rate, never overdue and nobody is mailed. What was known before and is said again is not written again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.errors import NotFound
from engine.facts import Fact
from engine.instants import Now
from models import action_path, publishing
from models import prior as sql
from models.database import Database
from models.reading import units
from services.definitions import plan_of, workflow_of
from services.journaling import entry, stream_of
from services.prior_sheet import PriorStep, Result, read_results
from services.queries import naming
from services.sheet_table import CellProblem
from services.sheets import read_sheet


@dataclass(frozen=True, slots=True)
class PriorPreview:
    """What a spreadsheet would record. ``problems``: while there is one, nothing. ``known``: rows that say what is known already."""

    changes: tuple[Result, ...]
    known: int
    problems: tuple[CellProblem, ...]


def prior_steps(db: Database, plan_id: int, *, today: date) -> list[PriorStep]:
    """Every prior step of the plan with what is known of it. Raises NotFound."""
    with db.read() as connection:
        return _steps(connection, plan_id, today)


def preview_prior(db: Database, plan_id: int, data: bytes, *, now: Now) -> PriorPreview:
    """What the spreadsheet ``data`` would record. Nothing is written. Raises NotFound, or Invalid where it is no spreadsheet."""
    sheet = read_sheet(data)
    with db.read() as connection:
        steps = _steps(connection, plan_id, now.today)
        issued_on = _issued_on(connection, plan_id)
    results, problems = read_results(sheet, steps, issued_on=issued_on, today=now.today)
    by_id = {s.id: s for s in steps}
    changes = [r for r in results if _differs(by_id[r.step_id], r)]
    return PriorPreview(tuple(changes) if not problems else (), len(results) - len(changes), tuple(problems))


def record_prior(db: Database, plan_id: int, results: Iterable[Result], *, actor: Actor, now: Now) -> int:
    """Record ``results`` (from a preview without problems), one transaction a workflow; how many were new. Twice is once."""
    with db.read() as connection:
        places = {s.id: s.workflow_id for s in _steps(connection, plan_id, now.today)}
    ordered = sorted((r for r in results if r.step_id in places), key=lambda r: (places[r.step_id], r.step_id))
    written = 0
    for workflow_id, own in groupby(ordered, key=lambda r: places[r.step_id]):
        with db.write() as connection:
            written += _record(connection, workflow_id, list(own), actor, now)
    return written


def _record(connection: Connection, workflow_id: int, results: list[Result], actor: Actor, now: Now) -> int:
    row = action_path.lock(connection, workflow_id)
    if row is None:
        return 0
    stored = sql.results_of(connection, workflow_id)
    new = [r for r in results if r.step_id in stored and _said(stored[r.step_id]) != (r.done, r.number, r.dated_on)]
    for r in new:
        values = {"step_id": r.step_id, "done": r.done, "number": r.number, "dated_on": r.dated_on}
        known = stored[r.step_id]["step_id"] is not None
        sql.put_result(connection, {**values, "account_id": actor.account_id, "at": now.business}, known=known)
    if new:
        facts = [Fact("step.prior-recorded", _fact(r)) for r in new]
        seq = row["seq"] + 1
        made = entry(stream_of(workflow_id), seq, row["head"], actor=actor, action="record-prior", facts=facts, now=now)
        action_path.add_entry(connection, made)
        action_path.close_transaction(connection, workflow_id, {"seq": seq, "head": made["hash"]}, wakes=False)
    return len(new)


def _fact(result: Result) -> dict[str, Any]:
    day = {"date": result.dated_on.isoformat()} if result.dated_on else {}
    return {"step": result.step_id, "done": result.done, "number": result.number, **day}


def _said(row: Any) -> tuple[bool | None, str, date | None]:
    return row["done"], row["number"] or "", row["dated_on"]


def _differs(step: PriorStep, result: Result) -> bool:
    return (step.done, step.number, step.dated_on) != (result.done, result.number, result.dated_on)


def _issued_on(connection: Connection, plan_id: int) -> date:
    row = publishing.version_row(connection, plan_id, None)
    if row is None:
        raise NotFound()
    return plan_of(connection, row["id"]).issued_on


def _steps(connection: Connection, plan_id: int, today: date) -> list[PriorStep]:
    _issued_on(connection, plan_id)
    names = {row.code: row.name_vi for row in units.names_on(connection, today)}
    return [_step(connection, row, names) for row in sql.prior_steps(connection, plan_id)]


def _step(connection: Connection, row: Any, names: dict[str, str]) -> PriorStep:
    workflow = workflow_of(connection, {**row, "code": row["workflow_code"]})
    definition = workflow.steps[row["code"]]
    unit = row["slot"] or row["lead"]
    return PriorStep(
        row["id"], row["workflow_id"], (row["key_task"], row["workflow_code"], row["cycle"], row["code"], unit),
        naming.step_title(workflow, row["code"], confidential=row["confidential"]), names.get(unit, unit),
        row["due_on"] or row["planned_on"], any(paper.required and paper.number for paper in definition.evidence), *_said(row),
    )  # fmt: skip
