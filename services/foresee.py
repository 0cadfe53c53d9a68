"""Foreseeing: every message from now to some days on, to whom and why, if nobody does anything until then.

It asks the very functions that send: the ladder of the sweep, the audience and the relevance of the teller. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.definition import Text
from engine.instants import Now, at_local, local_day
from engine.ladder import Due, rungs_between
from models import sweeping
from models.database import Database
from models.reading import foreseen as sql
from notifications.choices import way
from notifications.contexts import Item
from notifications.hours import OfficeHours
from notifications.keys import rung_key
from notifications.policy import URGENT
from notifications.words import headline, reason_text, rung_text, why
from services.definitions import workflow_of
from services.sweep import ladder_of, of_each_the_latest, rung_notice, rung_version
from services.telling import Teller

LONGEST = 366


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One thing that one person will hear. ``how``: immediate | digest | none (switched off by themselves) | no-address.

    ``what`` and ``why`` are words; ``rung`` is "" for what already waits for reasons other than a ladder. ``proposed``: only proposed.
    """

    on: date
    step_id: int
    place: str
    title: str
    unit: str
    account_id: int
    name: str
    how: str
    what: Text
    why: Text
    rung: Text
    proposed: bool


@dataclass(frozen=True, slots=True)
class Foresight:
    """``messages`` in time order; ``nobody``: (day, step, reason) of what reaches nobody. ``steps``: how many were looked at."""

    until: date
    messages: tuple[Foreseen, ...]
    nobody: tuple[tuple[date, int, Text], ...]
    steps: int


def gathered(messages: Iterable[Foreseen]) -> tuple[tuple[Foreseen, ...], ...]:
    """``messages`` in their order, those that tell several people the same thing about one step in the same way as one."""

    def same(message: Foreseen) -> tuple[date, int, str, Text, Text, Text]:
        return message.on, message.step_id, message.how, message.what, message.rung, message.why

    return tuple(tuple(told) for _, told in groupby(messages, key=same))


def letters(messages: Iterable[Foreseen]) -> tuple[tuple[tuple[Foreseen, ...], ...], ...]:
    """What is `gathered`, all that the same people get for the same reason in one letter of a day as one, in the place of the first."""
    found: dict[object, list[tuple[Foreseen, ...]]] = {}
    for told in gathered(messages):
        one = told[0]
        apart = one.step_id if one.how == "immediate" else None  # each of these is a letter of its own
        found.setdefault((one.on, one.how, one.why, apart, tuple(each.account_id for each in told)), []).append(told)
    return tuple(tuple(items) for items in found.values())


def foresee(
    db: Database, viewer: Actor, *, now: Now, calendar: WorkCalendar, hours: OfficeHours, days: int = 30, step_id: int | None = None,
    unit: str = "", plan_id: int | None = None,
) -> Foresight:  # fmt: skip
    """What will be told about a step, about what a unit holds, or about a plan (nothing given: every plan).

    Of all that only what ``viewer`` reads in full; of steps that wait or are finished nobody is reminded.
    """
    until = now.today + timedelta(days=min(max(days, 0), LONGEST))
    with db.read() as connection:
        rows = sql.steps(connection, viewer, step_id=step_id, unit=unit, plan_id=plan_id)
        notices = [*_waiting(connection, rows, now, hours), *_rungs(connection, rows, now, until, calendar)]
        messages, nobody = _told(connection, notices, now, frozenset(row["id"] for row in rows))
    return Foresight(until, tuple(messages), tuple(nobody), len(rows))


def _waiting(connection: Connection, rows: Iterable[Any], now: Now, hours: OfficeHours) -> Iterator[dict[str, Any]]:
    """Notices that wait, with the day on which they leave."""
    for row in sql.waiting(connection, [r["id"] for r in rows]):
        yield {**row, "on": _leaves(row["urgency"], now, hours)}


def _leaves(urgency: str, now: Now, hours: OfficeHours) -> date:
    """The first day on which mail of ``urgency`` may leave, from now on."""
    if urgency == URGENT:
        return now.today
    day = now.today
    while not hours.calendar.is_working(day) or (day == now.today and now.business > at_local(day, hours.to.hour, hours.to.minute)):
        day += timedelta(days=1)
    return day


def _rungs(connection: Connection, rows: Iterable[Any], now: Now, until: date, calendar: WorkCalendar) -> Iterator[dict[str, Any]]:
    """The notices that the sweep will make, numbered beyond those that exist so that the newest still is the newest."""
    last = at_local(until + timedelta(days=1), 0)
    for row in rows:
        workflow = workflow_of(connection, {**row, "code": row["workflow_code"]})
        ladder, due_on = ladder_of(row, workflow.ladders[row["code"]])
        due = rungs_between(ladder, due_on, row["next_rung_at"], last, calendar) if due_on is not None else ()
        told = sweeping.told_already(connection, [_key(row, d) for d in due])
        new = [d for d in due if _key(row, d) not in told]
        for at, together in groupby(new, key=lambda d: max(d.at, now.business)):
            for one in of_each_the_latest(list(together))[0]:
                yield _notice(row, one, at)


def _key(row: Any, due: Due) -> str:
    return rung_key(row["id"], due.key, rung_version(row, due.rung))


def _notice(row: Any, due: Due, at: datetime) -> dict[str, Any]:
    workflow = {"id": row["workflow_id"], "plan_id": row["plan_id"]}
    made = rung_notice(due, state="pending", row=workflow, step=row, stream=f"workflow:{row['workflow_id']}", seq=0, now=Now(at, at))
    return {**made, "on": local_day(at)}


def _told(
    connection: Connection, notices: list[dict[str, Any]], now: Now, asked: frozenset[int]
) -> tuple[list[Foreseen], list[tuple[date, int, Text]]]:
    """Day by day, by the teller's own rules: who leaves or is away by then, and who stands in, is that day's.

    Of a fan-out only what is about the steps ``asked`` for.
    """
    first = max((n.get("id") or 0 for n in notices), default=0)
    numbered = [{**n, "id": n.get("id") or first + i + 1} for i, n in enumerate(notices)]
    teller = Teller(connection, numbered, now)
    messages: list[Foreseen] = []
    nobody: list[tuple[date, int, Text]] = []
    for day, some in groupby(sorted(numbered, key=lambda n: (n["on"], n["id"])), key=lambda n: n["on"]):
        teller.notices = list(some)
        teller.at(now if day == now.today else Now(at_local(day, 7, 30), now.system))
        told = teller.tell()
        messages += [_message(day, line.notice, line.hearer.person, line.item) for line in told.lines if asked & {*line.item.step_ids}]
        about = {id_: sorted(asked & {step["id"] for step in steps}) for id_, steps in teller.steps.items()}
        nobody += [(day, about[id_][0], _reason(reason)) for id_, reason in told.closed.items() if about.get(id_)]
    return messages, nobody


def _message(day: date, notice: Mapping[str, Any], person: Any, item: Item) -> Foreseen:
    how = way(person.choices, notice["kind"], notice["urgency"]) if person.address else "no-address"
    rung = notice["rung"] or ""
    return Foreseen(
        on=day,
        step_id=item.step_ids[0],
        place=item.place,
        title=item.title,
        unit=item.unit,
        account_id=person.id,
        name=person.name,
        how=how,
        what=Text(headline(item, "vi"), headline(item, "en")),
        why=Text(why(item, "vi"), why(item, "en")),
        rung=Text(rung_text(rung, "vi"), rung_text(rung, "en")) if rung else Text(""),
        proposed=item.proposed,
    )


def _reason(code: str) -> Text:
    return Text(reason_text(code, "vi"), reason_text(code, "en"))
