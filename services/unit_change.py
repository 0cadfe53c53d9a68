"""Changing units by a document: first everything that would follow, then one record that is kept for its day; until then it can be undone.

What it brings about is done on that day by `services.unit_settle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import Connection

from engine.access import Actor
from engine.coherence.changes import check_change
from engine.coherence.problems import Report
from engine.definition import Text
from engine.errors import Invalid, KeyReused, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.journal import canonical
from engine.units import UnitChange, UnitDefinition
from models import streams
from models import unit_changes as sql
from models.database import Database
from plans.codec import change_from_json, change_to_json
from services.journaling import entry
from services.unit_planning import record
from services.unit_preview import Preview, preview_of
from services.unit_view import known_places, units_on_record
from services.working_days import OFFICE

YEARS_AHEAD = 10


def propose(db: Database, change: UnitChange, *, now: Now) -> Preview:
    """Everything that ``change`` would bring about if its day were today, and every problem it has. Nothing is written."""
    with db.snapshot() as connection:
        return _propose(connection, change, now)


def plan_change(db: Database, change: UnitChange, *, actor: Actor, key: str, now: Now, seen: str | None = None) -> int:
    """Keep ``change`` for its day; its number. The same ``key`` again gives the same one.

    ``seen``: the preview that was agreed to. Raises Refused (it has problems: the first one), Invalid (code "preview-changed"), KeyReused.
    """
    key = f"{actor.account_id}:{key}"
    with db.write() as connection:
        streams.lock(connection, OFFICE)
        known = sql.by_key(connection, key)
        if known is not None:
            if known["body"] != change_to_json(change):
                raise KeyReused
            return int(known["id"])
        preview = _propose(connection, change, now)
        if preview.errors:
            first = preview.errors[0]
            raise Refused(first.message, code=first.code, hint=first.hint)
        if seen is not None and preview.seen != seen:
            message = Text("Danh sách vừa thay đổi; xin xem lại.", "The list has changed meanwhile; please look again.")
            raise Invalid(message, code="preview-changed")
        return record(connection, change, key=key, now=now, actor=actor)


def withdraw(db: Database, change_id: int, *, actor: Actor, now: Now) -> bool:
    """Take a planned change back; whether it was planned until now. Raises NotFound, or Refused once it is in force."""
    with db.write() as connection:
        seq, head = streams.lock(connection, OFFICE)
        row = sql.by_id(connection, change_id)
        if row is None:
            raise NotFound
        if row["state"] == sql.APPLIED:
            message = Text("Thay đổi này đã có hiệu lực.", "This change is in force already.")
            raise Refused(message, code="applied", hint=Text("Ghi một thay đổi mới.", "Record another change."))
        if row["state"] == sql.WITHDRAWN:
            return False
        sql.set_state(connection, change_id, {"state": sql.WITHDRAWN})
        fact = Fact("units.withdrawn", {"change": change_id})
        streams.append(connection, entry(OFFICE, seq + 1, head, actor=actor, action="withdraw-units", facts=(fact,), now=now))
        return True


def was_planned(db: Database, actor: Actor, key: str) -> bool:
    """Whether ``actor`` has recorded a change under ``key`` already: a form that was sent twice."""
    with db.read() as connection:
        return sql.by_key(connection, f"{actor.account_id}:{key}") is not None


def _propose(connection: Connection, change: UnitChange, now: Now) -> Preview:
    earlier = [change_from_json(row["body"]) for row in sql.planned(connection)]
    report = Report()
    units = units_on_record(connection, [each for each in earlier if each.on <= change.on])
    check_change(change, units, known_places(connection), "unit_changes[0]", report)
    _check_day(connection, change, now, report)
    _check_planned(change, earlier, units, report)
    found = preview_of(connection, change, now, report)
    lines = [[line.step_id, line.new, list(line.approvers_after)] for line in found.lines]
    seen = sha256(canonical({"change": change_to_json(change), "lines": lines}).encode()).hexdigest()[:32]
    return Preview(change, tuple(report.problems), found.lines, found.people, found.groups, found.told, seen)


def _check_day(connection: Connection, change: UnitChange, now: Now, report: Report) -> None:
    last = sql.last_day(connection)
    if change.on < now.today:
        message = Text(f"Ngày hiệu lực {change.on:%d/%m/%Y} đã qua", f"{change.on:%d/%m/%Y} has passed")
        hint = Text("Ghi từ hôm nay trở đi; ngày ký ghi ở văn bản.", "From today on; the day of signing belongs to the document.")
        report.error("unit_changes[0].on", "past-day", message, hint)
    elif last is not None and change.on < last:
        message = Text(f"Đã có thay đổi áp dụng từ {last:%d/%m/%Y}", f"A change is in force from {last:%d/%m/%Y}")
        report.error("unit_changes[0].on", "before-applied", message)
    elif change.on.year > now.today.year + YEARS_AHEAD:
        message = Text(f"Ngày hiệu lực {change.on:%d/%m/%Y} quá xa", f"{change.on:%d/%m/%Y} is too far ahead")
        report.error("unit_changes[0].on", "far-day", message)


def _check_planned(change: UnitChange, earlier: list[UnitChange], units: Mapping[str, UnitDefinition], report: Report) -> None:
    """A unit for which something is planned already must not be planned to end twice, nor be needed after its end."""
    for other in earlier:
        both = sorted(set(other.heirs) & set(change.heirs))
        needed = sorted({share.unit for shares in other.heirs.values() for share in shares} & set(change.heirs))
        for unit in [*both, *(needed if other.on > change.on else ())]:
            name = units[unit].name_on(change.on).name if unit in units else Text(unit, unit)
            message = Text(
                f"{name.vi} đã có trong thay đổi từ {other.on:%d/%m/%Y} ({other.document})",
                f"{name.in_('en')} stands in the change of {other.on:%d/%m/%Y} ({other.document})",
            )
            hint = Text("Rút thay đổi đó trước.", "Take that one back first.")
            report.error("unit_changes[0].parts", "already-planned", message, hint)
