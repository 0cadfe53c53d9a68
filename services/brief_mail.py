"""The morning brief as a mail: one a supervisor and day, from 07:30 on working days, unless switched off. Safe to run twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor, Membership
from engine.confidential import CONFIDENTIAL
from engine.definition import Text
from engine.instants import Now
from engine.rollup import Tally
from models import outbox
from models.database import Database
from models.deputies import of_the_day
from notifications.audience import Person
from notifications.choices import BRIEF, NONE, chosen
from notifications.contexts import Item, MessageContext
from notifications.hours import OfficeHours
from notifications.keys import brief_key
from notifications.policy import IMMEDIATE
from notifications.render import Site
from notifications.words import brief_lines, day_text
from services.acting_for import may_act_for
from services.expand import row_of
from services.queries.brief import Brief, brief
from services.queries.lines import StepLine
from services.queries.units import UnitNames, unit_names

MOST = 8  # lines of a section; the page has them all
KIND = "brief"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a brief: as whom they read, and whom they stand in for ("" for nobody)."""

    person: Person
    actor: Actor
    instead_of: str = ""


def send_briefs(db: Database, *, now: Now, hours: OfficeHours, site: Site) -> int:
    """Put today's briefs into the outbox; how many. Those of earlier days that have not left are cancelled."""
    if not hours.digest_at(now.business):
        return 0
    with db.read() as connection:
        readers = list(_readers(connection, now))
        made = outbox.existing_keys(connection, (brief_key(r.person.id, now.today) for r in readers))
    missing = [r for r in readers if brief_key(r.person.id, now.today) not in made]
    if not missing:
        return 0
    units = unit_names(db, now.today)
    rows = [_row(reader, brief(db, reader.actor, now, hours.calendar), units, now, site) for reader in missing]
    with db.write() as connection:
        outbox.alone(connection)
        older = outbox.unsent_of_kind(connection, KIND)
        new = outbox.add_messages(connection, rows)
        outbox.cancel_messages(connection, older, "superseded")
    return len(new)


def _readers(connection: Connection, now: Now) -> Iterator[Reader]:
    """Supervisors, and the heads of the standing agency; who stands in for one of them, too. Each once, and who wants it."""
    people: dict[int, list[Any]] = {}
    for row in outbox.people(connection, now.today):
        people.setdefault(row["id"], []).append(row)
    own = {id_: found for id_, rows in people.items() if (found := _reader(rows)) is not None}
    yield from own.values()
    for deputy in of_the_day(connection, now.today):
        absent, rows = own.get(deputy.account_id), people.get(deputy.deputy_id)
        if absent is not None and rows and deputy.deputy_id not in own and _wants(rows[0]):
            acting = may_act_for(connection, deputy.deputy_id, now.today, deputy.id)
            if acting is not None:
                yield Reader(_person(rows[0]), acting.actor(_actor(rows)), absent.person.name)


def _reader(rows: list[Any]) -> Reader | None:
    actor = _actor(rows)
    leads = "agency" in actor.roles and bool(actor.heads)
    return Reader(_person(rows[0]), actor) if ("supervisor" in actor.roles or leads) and _wants(rows[0]) else None


def _wants(row: Any) -> bool:
    return chosen(row["mail"] or {}, BRIEF) != NONE


def _person(row: Any) -> Person:
    return Person(row["id"], row["name"], row["address"], row["language"])


def _actor(rows: list[Any]) -> Actor:
    places = tuple(Membership(row["unit"], row["role"]) for row in rows if row["unit"] is not None)
    return Actor(rows[0]["id"], rows[0]["name"], places, frozenset(rows[0]["roles"] or ()))


def _row(reader: Reader, found: Brief, units: UnitNames, now: Now, site: Site) -> dict[str, Any]:
    person, language = reader.person, reader.person.language
    place = Text(f"Bản tin sáng {day_text(found.day, 'vi')}", f"Morning brief, {day_text(found.day, 'en')}").in_(language)
    head = Item(
        notice_id=0, kind=KIND, audience=KIND, step_ids=(), path="/brief", place=place, unit="", capacity="",
        needed=tuple(brief_lines(_numbers(found), language)),
    )  # fmt: skip
    answers = [("extension-requested" if row.step.asked_until else "refused-assignment", row.step) for row in found.to_answer[:MOST]]
    lines = [("approval-wanted", row.step) for row in found.to_sign[:MOST]] + answers
    lines += [("approval-overdue" if mover.approves else "overdue", mover.step) for mover in found.movers]
    said: dict[int, Item] = {}
    for kind, line in lines:
        said.setdefault(line.id, _item(kind, line, units, found, language))
    items = [head, *said.values()]
    if reader.instead_of:
        capacity = units.name(reader.actor.memberships[0].unit).in_(language)
        items = [replace(item, instead_of=reader.instead_of, capacity=capacity) for item in items]
    context = MessageContext(person.name, language, now.today, tuple(items))
    return row_of(brief_key(person.id, now.today), KIND, person, context, now, site, IMMEDIATE)


def _item(kind: str, line: StepLine, units: UnitNames, found: Brief, language: str) -> Item:
    """A line of the mail. It comes from no notice; a number of its own lets it drop out when its reason is gone."""
    due_on = line.approval_due_on if kind.startswith("approval-") else line.due_on
    number = f"step {line.number}" if language == "en" else f"bước {line.number}"
    return Item(
        notice_id=-line.id, kind=kind, audience=KIND, step_ids=(line.id,), path=f"/steps/{line.id}",
        place=f"{line.place.in_(language)}, {number}", unit=units.short(line.holder or line.lead).in_(language), capacity="",
        title=_title(line, language), due_on=due_on,
        days=(due_on - found.day).days if due_on else None,
    )  # fmt: skip


def _title(line: StepLine, language: str) -> str:
    """Confidential work shows its number alone."""
    return "" if line.title is CONFIDENTIAL else line.title.in_(language)


def _numbers(found: Brief) -> dict[str, Any]:
    tally: Tally = found.tally
    return {
        "since": found.since, "total": tally.total, "completed": tally.completed, "late": tally.late, "not_completed": tally.not_completed,
        "overdue": tally.overdue, "soon": tally.soon, "on_time_rate": tally.on_time_rate, "original_rate": tally.original_rate,
        "done": found.changes.done, "submitted": found.changes.submitted, "returned": found.changes.returned,
        "new_overdue": found.changes.overdue, "opened": found.changes.opened,
    }  # fmt: skip
