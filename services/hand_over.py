"""Handing over everything of a person who leaves to a successor: first what would move, then all of it in one transaction.

The work of a unit stays with the unit; what hangs on the person moves: the steps whose contact they are or which they handle, their places
in units, what they have not read, how they want mail. Their feed and sessions die. What they did keeps their name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine import payload as given
from engine.access import HEAD, Actor, Membership
from engine.definition import Text
from engine.errors import Invalid, InvalidFields, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from engine.people import manages_everyone, refusal, wrong_last_day
from models import action_path
from models import people as sql
from models.database import Database
from models.erasing import administrators
from models.handlers import let_go, pass_on
from services.deputies import end_all
from services.office_journal import lock, note


@dataclass(frozen=True, slots=True)
class HandOver:
    """What moves from ``account_id`` to ``successor_id``. ``first_away``: the first day on which the person no longer works here.

    ``steps``: whose contact they are, or which they handle. ``joins``: the places that the successor gets. ``roles``: office-wide roles,
    which do not move. ``done``: it was carried out.
    """

    account_id: int
    name: str
    successor_id: int
    successor: str
    first_away: date
    steps: tuple[int, ...]
    joins: tuple[Membership, ...]
    unread: int
    feed: bool
    deputies: int
    roles: tuple[str, ...]
    done: bool = False


def hand_over(db: Database, actor: Actor, account_id: int, form: Mapping[str, Any], *, now: Now, confirmed: bool = False) -> HandOver:
    """Hand over everything of ``account_id``; without ``confirmed`` only say what would move.

    ``form``: ``successor`` (sign-in name) and ``first_away`` (ISO day). Raises `NotFound`, `Refused` for who may not, `InvalidFields`.
    """
    with db.write() if confirmed else db.read() as connection:
        if confirmed:
            lock(connection)
        person, places = _person(connection, account_id)
        if not manages_everyone(actor) and actor.units.isdisjoint(m.unit for m in places):
            raise NotFound()
        against = refusal(actor, (m.unit for m in places), office_roles=person.roles, held=[m.role for m in places])
        if against:
            raise against
        _somebody_administers(connection, person)
        successor, first_away = _read(connection, person, form, now)
        if confirmed:
            for workflow_id in sorted({row.workflow_id for row in sql.taken_on(connection, account_id)}):
                action_path.lock(connection, workflow_id)
        found = _found(connection, person, places, successor, first_away, confirmed=confirmed)
        if confirmed:
            _carry_out(connection, actor, found, now)
    return found


def hand_over_by_login(db: Database, actor: Actor, login: str, form: Mapping[str, Any], *, now: Now, confirmed: bool = False) -> HandOver:
    """`hand_over` of the account with the sign-in name ``login``. Raises `NotFound` where there is none."""
    with db.read() as connection:
        person = sql.by_login(connection, login)
    if person is None:
        raise NotFound(login)
    return hand_over(db, actor, person.id, form, now=now, confirmed=confirmed)


def _person(connection: Connection, account_id: int) -> tuple[Any, list[Membership]]:
    person = sql.by_id(connection, account_id)
    if person is None:
        raise NotFound()
    return person, [Membership(row.unit, row.role) for row in sql.memberships(connection, account_id)]


def _somebody_administers(connection: Connection, person: Any) -> None:
    """Roles do not move: the last administrator cannot leave."""
    if administrators(connection) == [person.id]:
        raise Refused(
            Text("Đây là quản trị viên cuối cùng.", "This is the last administrator."),
            code="last-administrator",
            hint=Text("Tạo quản trị viên khác trước.", "Make another administrator first."),
        )


def _read(connection: Connection, person: Any, form: Mapping[str, Any], now: Now) -> tuple[Any, date]:
    """The successor and the day, or everything that is wrong with them."""
    wrong: dict[str, Text] = {}
    first_away: date | None = None
    successor = sql.by_login(connection, str(form.get("successor") or "").strip())
    try:
        first_away = given.day(dict(form), "first_away")
    except Invalid as error:
        wrong["first_away"] = error.text
    else:
        problem = wrong_last_day(first_away, now.today)
        if problem:
            wrong["first_away"] = problem
    if successor is None:
        wrong["successor"] = Text("Không có tài khoản này.", "There is no such account.")
    elif successor.id == person.id:
        wrong["successor"] = Text("Không bàn giao cho chính người đó.", "Not to the same person.")
    elif successor.left_on is not None and (first_away is None or successor.left_on <= first_away):
        wrong["successor"] = Text("Người nhận cũng thôi việc trước ngày đó.", "The successor leaves before that day as well.")
    if wrong or first_away is None:
        raise InvalidFields(wrong)
    return successor, first_away


def _found(
    connection: Connection, person: Any, places: Iterable[Membership], successor: Any, first_away: date, *, confirmed: bool
) -> HandOver:
    has = {row.unit: row.role for row in sql.memberships(connection, successor.id)}
    joins = tuple(m for m in places if has.get(m.unit) not in (m.role, HEAD))
    return HandOver(
        account_id=person.id,
        name=person.name,
        successor_id=successor.id,
        successor=successor.name,
        first_away=first_away,
        steps=tuple(row.id for row in sql.taken_on(connection, person.id)),
        joins=joins,
        unread=sql.unread(connection, person.id),
        feed=sql.has_feed(connection, person.id),
        deputies=len(sql.deputies_beyond(connection, person.id, first_away)),
        roles=tuple(role for role in person.roles if role not in successor.roles),
        done=confirmed,
    )


def _carry_out(connection: Connection, actor: Actor, found: HandOver, now: Now) -> None:
    old, new = found.account_id, found.successor_id
    for place in found.joins:
        sql.join(connection, new, place.unit, place.role)
    sql.pass_on_steps(connection, old, new)
    sql.pass_on_unread(connection, old, new)
    sql.pass_on_preferences(connection, old, new)
    end_all(connection, actor, sql.deputies_beyond(connection, old, found.first_away), now)
    sql.end_account(connection, old, found.first_away, now.today, now.system)
    pass_on(connection, old, new, now.business)  # once nobody can name them any more
    let_go(connection)
    fact = {
        "account": old, "to": new, "first_away": found.first_away.isoformat(), "steps": list(found.steps),
        "units": [place.unit for place in found.joins],
    }  # fmt: skip
    note(connection, actor, "hand-over", (Fact("people.handed-over", fact),), now)
