"""What stands in a person's calendar feed: the open steps that their units lead, and those that wait for their approval."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.access import Actor
from engine.definition import Text
from engine.instants import Now
from engine.statuses import STATUS_TEXT, WorkStatus
from models import feeds
from models.database import Database
from models.reading import my_work as sql
from models.reading.lines import StepRow
from notifications.ical import FeedEntry
from notifications.words import day_text
from services.queries.lines import StepLine, step_lines
from services.queries.my_work import my_turn
from services.queries.units import UnitNames, unit_names

MOST = 1000


def feed_entries(db: Database, viewer: Actor, now: Now, *, language: str, base_url: str) -> tuple[FeedEntry, ...]:
    """The entries of ``viewer``, by step."""
    units = unit_names(db, now.today)
    with db.read() as connection:
        led = sql.to_do(connection, viewer, MOST)
        mine = [row for row in sql.submitted(connection, viewer, MOST) if my_turn(connection, row, viewer)]
        rows = sorted([*((row, False) for row in led), *((row, True) for row in mine)], key=lambda each: each[0].id)
        lines = step_lines(connection, [row for row, _ in rows], now)
        marks = feeds.marks(connection, [row.id for row, _ in rows])
    made = zip(rows, lines, strict=True)
    return tuple(_entry(row, line, marks[row.id], units, approval, language, base_url) for (row, approval), line in made)


def _entry(row: StepRow, line: StepLine, mark: Any, units: UnitNames, approval: bool, language: str, base_url: str) -> FeedEntry:
    due_on = row.approval_due_on if approval else row.due_on
    place = f"{line.place.in_(language)}, {Text('bước', 'step').in_(language)} {line.number}"
    title = "" if row.confidential else line.title.in_(language)
    what = f"{title} ({place})" if title else place
    url = f"{base_url}/steps/{row.id}"
    changed: datetime = max(at for at in (mark["opened_at"], mark["changed_at"]) if at is not None)
    return FeedEntry(
        uid=f"step-{row.id}{'-approval' if approval else ''}",
        sequence=mark["due_version"] - 1 + (row.round * 100 + row.link if approval else 0),
        summary=f"{Text('Duyệt', 'Approve').in_(language)}: {what}" if approval else what,
        description="\n".join((*_facts(line, due_on, units, language), url)),
        url=url,
        due_on=due_on,
        begun=line.status is WorkStatus.IN_PROGRESS,
        changed_at=changed.replace(microsecond=0),
    )


def _facts(line: StepLine, due_on: Any, units: UnitNames, language: str) -> tuple[str, ...]:
    """Who leads, how the work stands, by when; nothing that a confidential workflow would not show."""
    lead, status, due = Text("Đơn vị chủ trì", "Lead unit"), Text("Trạng thái", "Status"), Text("Hạn", "Due")
    found = [
        f"{lead.in_(language)}: {units.name(line.lead).in_(language)}",
        f"{status.in_(language)}: {STATUS_TEXT[line.status].in_(language)}",
    ]
    return (*found, f"{due.in_(language)}: {day_text(due_on, language)}") if due_on else tuple(found)
