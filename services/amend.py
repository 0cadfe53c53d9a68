"""Amending a published plan: first the whole difference, then one record of it, then every running workflow, one transaction each.

Nothing is written before somebody has agreed to what was shown. The record puts the next version into force for cycles to come; running
workflows follow in `services.amend_settle`.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.amending.bounds import Refusal, plan_refusals
from engine.amending.merge import merged
from engine.calendar import WorkCalendar
from engine.confidential import told_again
from engine.definition import PlanDefinition, Text
from engine.errors import Invalid, InvalidFields, KeyReused, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.journal import canonical
from models import amending as sql
from models import publishing, streams
from models.database import Database
from models.tables import plan_version
from models.unit_changes import last_number
from plans.codec import to_json
from services.amend_preview import Preview, preview_of
from services.amend_reading import Amended, amended, compiled_in
from services.amend_settle import settle_amendments
from services.amend_undoable import still_undoable
from services.amended_rows import follow
from services.definitions import plan_of
from services.journaling import entry
from services.open_cycles import open_cycles
from services.opening_preview import Starts, starts
from services.unit_planning import as_units_are

LONGEST_DOCUMENT = 300


def propose(
    db: Database, plan_id: int, new: PlanDefinition, *, now: Now, calendar: WorkCalendar, undoes: int | None = None
) -> Preview:  # fmt: skip
    """What ``new`` would change in the plan. Nothing is written. ``undoes``: it takes that amendment back. Raises Refused."""
    with db.snapshot() as connection:
        return _propose(connection, plan_id, new, now, calendar, undoes)


def apply(
    db: Database, plan_id: int, new: PlanDefinition, *, document: str, actor: Actor, key: str, now: Now, calendar: WorkCalendar,
    leave_refused: bool = False, seen: str | None = None, undoes: int | None = None,
) -> int:  # fmt: skip
    """Put ``new`` into force by ``document``; the amendment's number. The same ``key`` again goes on with the same amendment.

    ``leave_refused``: workflows with a refusal stay under their version. ``seen``: the preview that was agreed to. Raises InvalidFields,
    Refused (nothing changes, or something is refused), Invalid (code "preview-changed"), KeyReused.
    """
    document = _document(document)
    key = f"{actor.account_id}:{key}"
    with db.write() as connection:
        made = _record(connection, plan_id, new, document, actor, key, now, calendar, leave_refused, seen, undoes)
    settle_amendments(db, now=now, calendar=calendar)
    open_cycles(db, now=now, calendar=calendar)
    return made


def was_made(db: Database, actor: Actor, key: str) -> bool:
    """Whether ``actor`` has made an amendment under ``key`` already: a form that was sent twice."""
    with db.read() as connection:
        return sql.by_key(connection, f"{actor.account_id}:{key}") is not None


def _document(document: str) -> str:
    document = " ".join(document.split())
    if not document:
        raise InvalidFields({"document": Text("Nêu văn bản điều chỉnh.", "Name the document that amends the plan.")})
    if len(document) > LONGEST_DOCUMENT:
        raise InvalidFields({"document": Text(f"Tối đa {LONGEST_DOCUMENT} ký tự.", f"At most {LONGEST_DOCUMENT} characters.")})
    return document


def _propose(
    connection: Connection, plan_id: int, new: PlanDefinition, now: Now, calendar: WorkCalendar, undoes: int | None
) -> Preview:  # fmt: skip
    in_force = publishing.version_row(connection, plan_id, None)
    if in_force is None:
        raise Refused(Text("Kế hoạch này chưa được công bố.", "This plan is not published."), code="not-published")
    old = plan_of(connection, in_force["id"])
    next_ = merged(old, told_again(as_units_are(connection, new), old), None if undoes else now.today)
    rows = sql.running(connection, plan_id)
    refusals = plan_refusals(old, next_, {(row["key_task"], row["code"]) for row in rows})
    found: list[Amended] = []
    for row in [] if refusals else rows:
        workflow = compiled_in(next_, row["key_task"], row["code"])
        if workflow is not None:
            found.append(amended(connection, row, workflow, now, calendar))
    begun: tuple[Starts, ...] = () if refusals else tuple(starts(connection, plan_id, next_, now, calendar))
    late = tuple(_too_late(s) for s in begun if s.overdue)
    latest = sql.latest_number(connection, plan_id)
    return preview_of(plan_id, in_force["id"], latest + 1, old, next_, found, (*refusals, *late), begun)


def _too_late(start: Starts) -> Refusal:
    return Refusal(
        Text(f"{start.name.vi}: sẽ mở ngay với {start.overdue} bước đã quá hạn.", f"{start.name.en}: opens at once, {start.overdue} late."),
        Text("Đặt starts_on là ngày bắt đầu của chu kỳ đầu tiên.", "Set starts_on to the first day of the first cycle."),
    )


def _record(
    connection: Connection, plan_id: int, new: PlanDefinition, document: str, actor: Actor, key: str, now: Now, calendar: WorkCalendar,
    leave_refused: bool, seen: str | None, undoes: int | None,
) -> int:  # fmt: skip
    stream = f"plan:{plan_id}"
    seq, head = streams.lock(connection, stream)
    known = sql.by_key(connection, key)
    if known is not None:
        if known["plan_id"] != plan_id or known["document"] != document:
            raise KeyReused
        return int(known["id"])
    if undoes is not None:
        still_undoable(connection, plan_id, undoes)
    preview = _propose(connection, plan_id, new, now, calendar, undoes)
    if seen is not None and preview.seen != seen:
        raise Invalid(
            Text("Nội dung thay đổi vừa khác đi; xin xem lại.", "The difference is another one by now; please look again."),
            code="preview-changed",
        )
    _allowed(preview, leave_refused)
    body = to_json(preview.definition)
    digest = sha256(canonical(body).encode()).hexdigest()
    row = {"plan_id": plan_id, "version": preview.number, "digest": digest, "body": body, "created_at": now.system}
    row["succession"] = last_number(connection)
    version_id = publishing.add(connection, plan_version, row)
    follow(connection, plan_id, version_id, preview.definition)
    left = sorted(line.workflow_id for line in preview.workflows if line.refusals)
    values: dict[str, Any] = {
        "key": key, "plan_id": plan_id, "from_version_id": preview.version_id, "to_version_id": version_id, "document": document,
        "undoes": undoes, "account_id": actor.account_id, "left": left, "changed": 0, "business_at": now.business,
        "recorded_at": now.system,
    }  # fmt: skip
    made = sql.add(connection, values)
    facts = {"amendment": made, "version": preview.number, "digest": digest, "document": document, "left": left}
    fact = Fact("plan.amended", {**facts, **({"undoes": undoes} if undoes else {})})
    streams.append(connection, entry(stream, seq + 1, head, actor=actor, action="amend", facts=(fact,), now=now))
    return made


def _allowed(preview: Preview, leave_refused: bool) -> None:
    """Raises Refused where there is nothing to do, or where something is refused and not left as it is."""
    if preview.same:
        raise Refused(Text("Không có gì thay đổi.", "Nothing changes."), code="same")
    against: Collection[Refusal] = preview.refusals
    if not against and not leave_refused:
        against = [refusal for line in preview.workflows for refusal in line.refusals]
    if against:
        first = next(iter(against))
        raise Refused(first.reason, code="amendment", hint=first.hint)
