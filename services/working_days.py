"""The office's own calendar. A library proposes days; what counts are the rows that the office has recorded.

Until the office keeps its calendar (`keep_calendar`, once, when the database is set up) the proposal counts, under what was recorded.
From then on another release of the library moves no date by itself: what it proposes anew waits for a person (`services.calendar_change`).
"""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from engine.access import SYSTEM, Actor
from engine.calendar import WorkCalendar
from engine.definition import CalendarOverride, Text
from engine.facts import Fact
from engine.instants import Now
from models import calendar as sql
from models import streams
from models.database import Database
from services.journaling import entry

OFFICE = "office"  # the journal stream
Days = tuple[CalendarOverride, ...]
Proposing = Callable[[], Days]  # what a library proposes; asked only where it counts, for asking loads the library
_BUILT: WeakKeyDictionary[Engine, tuple[tuple[int, int], Proposing, WorkCalendar]] = WeakKeyDictionary()


def office_calendar(db: Database, proposed: Proposing) -> WorkCalendar:
    """The calendar in force; it is built again only when a day has changed."""
    with db.read() as connection:
        return calendar_in(connection, proposed)


def calendar_in(connection: Connection, proposed: Proposing) -> WorkCalendar:
    """The calendar as the transaction of ``connection`` sees it. Not to be asked for after writing: what is rolled back would be kept."""
    state = sql.state(connection)
    built = _BUILT.get(connection.engine)
    if built is not None and built[0] == state and built[1] is proposed:
        return built[2]
    recorded = recorded_days(connection)
    calendar = WorkCalendar().with_overrides(recorded if sql.is_kept(connection) else (*proposed(), *recorded))
    _BUILT[connection.engine] = (state, proposed, calendar)
    return calendar


def recorded_days(connection: Connection) -> Days:
    """Every recorded day, in order."""
    return tuple(CalendarOverride(row.day, row.working, row.document, Text(row.name_vi, row.name_en)) for row in sql.days(connection))


def keep_calendar(db: Database, proposed: Proposing, *, now: Now) -> bool:
    """Record what the library proposes as the office's own days, unless the office keeps its calendar already; whether that was done.

    What is recorded already stays, so that no day changes by this. Safe to run at every start.
    """
    with db.read() as connection:
        if sql.is_kept(connection):
            return False
    with db.write() as connection:
        return keep_in(connection, proposed, now)


def keep_in(connection: Connection, proposed: Proposing, now: Now) -> bool:
    """`keep_calendar` within a transaction."""
    seq, head = streams.lock(connection, OFFICE)
    if sql.is_kept(connection):
        return False
    known = {row.day for row in sql.days(connection)}
    new = [day for day in proposed() if day.day not in known]
    states: list[dict[str, object]] = [{"day": day.day.isoformat(), "before": None, "after": day.working} for day in new]
    change = add_change(connection, sql.ADOPTED, sql.ADOPTED, "", states, now, SYSTEM, settled=True)
    sql.put_days(connection, [day_row(day, "library", change, now) for day in new])
    fact = Fact("calendar.kept", {"change": change, "days": len(new)})
    streams.append(connection, entry(OFFICE, seq + 1, head, actor=SYSTEM, action="keep-calendar", facts=(fact,), now=now))
    return True


def record_published(connection: Connection, days: Days, plan: str, *, now: Now, actor: Actor) -> None:
    """Record days that a plan's pack brings, within its publishing; a day that the office or another plan recorded stays as it is.

    Dates of plans that run already follow with the next sweep (`services.calendar_settle`).
    """
    rows = {row.day: row for row in sql.days(connection)}
    new = [day for day in days if day.day not in rows or (rows[day.day].source == "library" and rows[day.day].working is not day.working)]
    if not new:
        return
    seq, head = streams.lock(connection, OFFICE)
    states = [
        {"day": day.day.isoformat(), "before": rows[day.day].working if day.day in rows else None, "after": day.working} for day in new
    ]
    change = add_change(connection, f"plan:{plan}", "published", plan, states, now, actor)
    sql.put_days(connection, [day_row(day, "plan", change, now) for day in new])
    fact = Fact("calendar.changed", {"change": change, "days": states, "document": plan})
    streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="change-calendar", facts=(fact,), now=now))


def add_change(
    connection: Connection, key: str, kind: str, document: str, days: list[dict[str, object]], now: Now, actor: Actor, *,
    settled: bool = False,
) -> int:  # fmt: skip
    """Add the record of a change; its number. ``settled``: it moves no date."""
    values = {
        "key": key, "kind": kind, "document": document, "account_id": actor.account_id, "days": days, "business_at": now.business,
        "recorded_at": now.system, "finished_at": now.system if settled else None,
    }  # fmt: skip
    return sql.add_change(connection, values)


def day_row(day: CalendarOverride, source: str, change: int | None, now: Now) -> dict[str, object]:
    """A row of the calendar."""
    return {
        "day": day.day, "working": day.working, "document": day.document, "recorded_at": now.system, "source": source,
        "name_vi": day.name.vi, "name_en": day.name.en, "change_id": change,
    }  # fmt: skip
