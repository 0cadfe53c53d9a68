"""The overdue list, narrowed by unit and key task, the longest overdue first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from engine.access import Actor
from engine.instants import Now
from models.database import Database
from models.reading import overdue as sql
from models.reading import plans as plan_sql
from models.reading.overdue import Wanted
from models.reading.plans import KeyTaskRow
from services.queries.lines import StepLine, step_lines

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class OverduePage:
    """``number`` of ``pages``, counted from 1. ``key_tasks``: what the list can be narrowed to."""

    wanted: Wanted
    lines: tuple[StepLine, ...]
    total: int
    number: int
    pages: int
    key_tasks: tuple[KeyTaskRow, ...]


def overdue_page(db: Database, viewer: Actor, now: Now, wanted: Wanted, *, number: int = 1) -> OverduePage:
    """Page ``number`` of the steps overdue at ``now`` that ``viewer`` may know of; the last page for a number beyond it."""
    with db.read() as connection:
        total = sql.how_many(connection, viewer, wanted, now.business)
        pages = max(1, -(-total // PER_PAGE))
        number = min(max(number, 1), pages)
        rows = sql.rows(connection, viewer, wanted, now.business, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
        lines = step_lines(connection, rows, now)
        plans = plan_sql.plans(connection, viewer)
        chosen = next((p for p in plans if p.id == wanted.plan_id), plans[0] if plans else None)
        key_tasks = plan_sql.key_tasks(connection, viewer, chosen.id) if chosen else ()
    return OverduePage(wanted, lines, total, number, pages, key_tasks)
