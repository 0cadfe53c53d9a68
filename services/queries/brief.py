"""The morning brief of a supervisor: what needs their signature, who must move, what changed, how it stands; over every plan they read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.access import Actor
from engine.calendar import WorkCalendar
from engine.instants import Now
from engine.rollup import Tally, administrative_year, administrative_year_of, total
from models.database import Database
from models.reading import brief as sql
from models.reading import plans as plan_sql
from models.reading.brief import Changes
from models.reading.tallies import Period
from services.queries import tallies
from services.queries.movers import SHOWN, Mover, movers
from services.queries.my_work import GroupCode, WorkRow, my_work


@dataclass(frozen=True, slots=True)
class Brief:
    """``since``: the working day before, from whose start ``changes`` count. ``to_sign`` and ``to_answer`` wait for the reader themselves.

    ``tally``: the present administrative year of every plan. ``movers``: who must move, the worst first.
    """

    day: date
    since: date
    plans: tuple[str, ...]
    tally: Tally
    changes: Changes
    to_sign: tuple[WorkRow, ...]
    to_answer: tuple[WorkRow, ...]
    movers: tuple[Mover, ...]
    more_movers: bool


def brief(db: Database, viewer: Actor, now: Now, calendar: WorkCalendar) -> Brief:
    """The brief of ``viewer`` on the local day of ``now``."""
    since = now.today - timedelta(days=1)
    while not calendar.is_working(since):
        since -= timedelta(days=1)
    own = {group.code: group.rows for group in my_work(db, viewer, now).groups}
    period = Period(*administrative_year(administrative_year_of(now.today)))
    with db.read() as connection:
        plans = plan_sql.plans(connection, viewer)
        found = [movers(connection, viewer, plan.id, now) for plan in plans]
        tally = total(t for plan in plans for t in tallies.cells(connection, viewer, plan.id, period, now).values())
        changed = sql.changes(connection, viewer, since, now)
    late = sorted((mover for some, _ in found for mover in some), key=lambda m: (-bool(m.blocks), m.since, m.step.id))
    return Brief(
        day=now.today,
        since=since,
        plans=tuple(plan.number for plan in plans),
        tally=tally,
        changes=changed,
        to_sign=own.get(GroupCode.TO_APPROVE, ()),
        to_answer=own.get(GroupCode.TO_DECIDE, ()),
        movers=tuple(late[:SHOWN]),
        more_movers=len(late) > SHOWN or any(more for _, more in found),
    )
