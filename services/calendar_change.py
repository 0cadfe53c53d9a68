"""Changing the office's calendar: first every date that would move, then the change, then the dates, workflow by workflow.

The change is one record with its document; its days count from that moment on. The dates follow in `services.calendar_settle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.calendar import SATURDAY, WorkCalendar
from engine.calendar_proposal import Proposal, additions, removal
from engine.definition import CalendarOverride, Text
from engine.errors import Invalid, InvalidFields, KeyReused
from engine.facts import Fact
from engine.instants import Now
from engine.journal import canonical
from engine.statuses import WorkStatus
from models import calendar as sql
from models import streams
from models.database import Database
from services.calendar_moves import Recounted, every_recount
from services.calendar_settle import settle
from services.journaling import entry
from services.queries import naming
from services.working_days import OFFICE, Proposing, add_change, calendar_in, day_row, keep_in, office_calendar

YEARS_AHEAD = 10


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A date that would move, as people read it. ``kind``: due | approval. Confidential work shows its number alone."""

    step_id: int
    workflow_id: int
    place: Text
    number: int
    title: Text
    lead: str
    status: WorkStatus
    kind: str
    old: date
    new: date


@dataclass(frozen=True, slots=True)
class Preview:
    """What a proposal would do. ``seen`` stands for exactly these moves; `apply` refuses if they are others by then."""

    proposal: Proposal
    lines: tuple[MoveLine, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A change that was made, and how many dates it has moved."""

    change_id: int
    moved: int


def read_additions(db: Database, form: Mapping[str, Any], *, now: Now, proposed: Proposing) -> Proposal:
    """Days off and make-up days from ``form`` (see `engine.calendar_proposal.additions`). Raises `InvalidFields`."""
    with db.read() as connection:
        calendar, issued = calendar_in(connection, proposed), sql.first_issue(connection)
    earliest = issued or date(now.today.year - 1, 1, 1)
    return additions(form, calendar=calendar, earliest=earliest, latest=date(now.today.year + YEARS_AHEAD, 12, 31))


def read_removal(db: Database, form: Mapping[str, Any]) -> Proposal:
    """Taking back a recorded day, from ``form``: ``day``, ``document``. Raises `InvalidFields`."""
    with db.read() as connection:
        recorded = frozenset(row.day for row in sql.days(connection))
    return removal(form, recorded=recorded)


def propose(db: Database, proposal: Proposal, *, now: Now, proposed: Proposing) -> Preview:
    """Every running date that ``proposal`` would move, the nearest first. Nothing is written."""
    with db.snapshot() as connection:
        return _preview(connection, proposal, now, proposed)


def apply(
    db: Database, proposal: Proposal, *, actor: Actor, key: str, now: Now, proposed: Proposing, seen: str | None = None
) -> Applied:  # fmt: skip
    """Record the change and move the dates. The same ``key`` again goes on with the same change.

    ``seen``: the preview that was agreed to. Raises Invalid (code "preview-changed") if other dates would move by now, `InvalidFields`
    if somebody else has recorded the days meanwhile, KeyReused.
    """
    with db.write() as connection:
        change_id = _record(connection, proposal, actor, _key(actor, key), now, proposed, seen)
    return Applied(change_id, settle(db, now=now, calendar=office_calendar(db, proposed)))


def was_made(db: Database, actor: Actor, key: str) -> bool:
    """Whether ``actor`` has made a change under ``key`` already: a form that was sent twice."""
    with db.read() as connection:
        return sql.change_by_key(connection, _key(actor, key)) is not None


def _key(actor: Actor, key: str) -> str:
    return f"{actor.account_id}:{key}"


def _record(
    connection: Connection, proposal: Proposal, actor: Actor, key: str, now: Now, proposed: Proposing, seen: str | None
) -> int:  # fmt: skip
    streams.lock(connection, OFFICE)
    known = sql.change_by_key(connection, key)
    if known is not None:
        return _again(known, proposal)
    _still_new(connection, proposal, proposed)
    if seen is not None and _preview(connection, proposal, now, proposed).seen != seen:
        raise Invalid(
            Text("Danh sách hạn vừa thay đổi; xin xem lại.", "Other dates would move by now; please look again."), code="preview-changed"
        )
    keep_in(connection, proposed, now)
    rows = {row.day: row for row in sql.days(connection)}
    restored = _restored(proposal, rows, proposed)
    after: dict[date, bool | None] = {day.day: day.working for day in proposal.days}
    after |= {day: restored[day].working if day in restored else None for day in proposal.removed}
    states: list[dict[str, object]] = [
        {"day": day.isoformat(), "before": rows[day].working if day in rows else None, "after": state}
        for day, state in sorted(after.items())
    ]
    change = add_change(connection, key, "removed" if proposal.removed else "recorded", proposal.document, states, now, actor)
    sql.drop_days(connection, proposal.removed)
    put = [day_row(day, "office", change, now) for day in proposal.days] + [day_row(d, "library", change, now) for d in restored.values()]
    sql.put_days(connection, put)
    fact = Fact("calendar.changed", {"change": change, "days": states, "document": proposal.document})
    seq, head = streams.lock(connection, OFFICE)
    streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="change-calendar", facts=(fact,), now=now))
    return change


def _again(known: Any, proposal: Proposal) -> int:
    """The change that was made under the same key, if it was the same."""
    days = {date.fromisoformat(state["day"]) for state in known["days"]}
    if days != {*(day.day for day in proposal.days), *proposal.removed} or known["document"] != proposal.document:
        raise KeyReused
    return int(known["id"])


def _still_new(connection: Connection, proposal: Proposal, proposed: Proposing) -> None:
    """Somebody else may have recorded or removed the same days since they were read."""
    calendar, recorded = calendar_in(connection, proposed), {row.day for row in sql.days(connection)}
    stale = [day.day for day in proposal.days if calendar.is_working(day.day) is day.working]
    stale += [day for day in proposal.removed if day not in recorded]
    if stale:
        shown = ", ".join(f"{day:%d/%m/%Y}" for day in stale)
        name = "day" if proposal.removed else "off_from" if not proposal.days[0].working else "make_up"
        raise InvalidFields({name: Text(f"Vừa có người ghi {shown}.", f"Somebody has just recorded {shown}.")})


def _preview(connection: Connection, proposal: Proposal, now: Now, proposed: Proposing) -> Preview:
    calendar = _calendar_after(connection, proposal, proposed)
    lines = [line for found in every_recount(connection, calendar, now) for line in _lines(found)]
    lines.sort(key=lambda line: (min(line.old, line.new), line.workflow_id, line.number, line.lead, line.kind))
    days = [[day.day.isoformat(), day.working] for day in proposal.days] + [[day.isoformat(), None] for day in proposal.removed]
    moves = [[line.step_id, line.kind, line.old.isoformat(), line.new.isoformat()] for line in lines]
    return Preview(proposal, tuple(lines), sha256(canonical({"days": days, "moves": moves}).encode()).hexdigest()[:32])


def _calendar_after(connection: Connection, proposal: Proposal, proposed: Proposing) -> WorkCalendar:
    restored = _restored(proposal, {row.day: row for row in sql.days(connection)}, proposed)
    plain = [CalendarOverride(day, day.weekday() < SATURDAY, "") for day in proposal.removed]
    return calendar_in(connection, proposed).with_overrides([*proposal.days, *plain, *restored.values()])


def _restored(proposal: Proposal, rows: Mapping[date, Any], proposed: Proposing) -> dict[date, CalendarOverride]:
    """What stands again where a removed day had covered a proposal of the library."""
    covering = {day for day in proposal.removed if day in rows and rows[day].source != "library"}
    return {day.day: day for day in proposed() if day.day in covering} if covering else {}


def _lines(found: Recounted) -> list[MoveLine]:
    row, workflow = found.row, found.workflow
    hidden = row["confidential"]
    place = naming.place(workflow, row["cycle"], confidential=hidden)
    return [
        MoveLine(
            move.step_id, row["id"], place, naming.step_number(workflow, move.code),
            naming.step_title(workflow, move.code, confidential=hidden), move.lead, move.status, move.kind, move.old, move.new,
        )
        for move in found.recount.moves
    ]  # fmt: skip
