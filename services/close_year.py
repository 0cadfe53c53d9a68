"""Closing a year: every workflow whose cycle begins in it, one transaction each, with a result for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.errors import DondocError
from engine.instants import Now
from models.database import Database
from services.close_cycle import Closed, close_cycle
from services.queries.closing_page import year_page


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one workflow: ``closed``, or ``error`` that says why not."""

    workflow_id: int
    closed: Closed | None
    error: DondocError | None = None


def close_year(
    db: Database, plan_id: int, year: int, *, reason: str, actor: Actor, key: str, now: Now, calendar: WorkCalendar,
    only: Iterable[int] | None = None, on_progress: Callable[[int], None] | None = None,
) -> list[Outcome]:  # fmt: skip
    """Close what is not closed yet of the year, each step as suggested. ``only``: these workflows alone.

    The same ``key`` again goes on where it stopped: what was closed is not closed twice. Raises NotFound, Refused.
    """
    wanted = None if only is None else frozenset(only)
    outcomes = []
    for page in year_page(db, actor, plan_id, now, year=year).to_close:
        if wanted is not None and page.workflow_id not in wanted:
            continue
        outcomes.append(_close(db, page.workflow_id, reason, actor, f"{key}:{page.workflow_id}", now, calendar))
        if on_progress:
            on_progress(page.workflow_id)
    return outcomes


def _close(db: Database, workflow_id: int, reason: str, actor: Actor, key: str, now: Now, calendar: WorkCalendar) -> Outcome:
    try:
        return Outcome(workflow_id, close_cycle(db, workflow_id, {}, reason=reason, actor=actor, key=key, now=now, calendar=calendar))
    except DondocError as problem:
        return Outcome(workflow_id, None, problem)
