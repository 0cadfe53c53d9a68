"""Naming a deputy for an absence, by oneself or afterwards by the unit's head or administrator, and ending it before its last day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from engine import payload as given
from engine.access import Actor
from engine.alphabet import alphabetical
from engine.definition import Text
from engine.deputies import Absence, problems
from engine.errors import Invalid, InvalidFields, NotFound, Refused
from engine.facts import Fact
from engine.instants import Now
from models import deputies as sql
from models.database import Database
from services.office_journal import lock, note

FIELDS = ("unit", "person", "deputy", "from", "to")  # in the order of the form


@dataclass(frozen=True, slots=True)
class DeputyLine:
    """A deputy as people read it. ``state``: coming | now; ``mine``: the viewer may end it."""

    id: int
    unit: str
    away_id: int
    away: str
    deputy_id: int
    deputy: str
    first: date
    last: date
    state: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of a unit, as an option of a form."""

    unit: str
    account_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class AbsencePage:
    """``lines``: absences of the viewer, those in which the viewer stands in, and those of the units that they keep.

    ``units``: where the viewer may name a deputy; ``managed``: those of them where also for others.
    """

    lines: tuple[DeputyLine, ...]
    units: tuple[str, ...]
    managed: tuple[str, ...]
    colleagues: tuple[Colleague, ...]


def absences(db: Database, viewer: Actor, now: Now) -> AbsencePage:
    """What ``viewer`` sees of absences from today on."""
    managed = viewer.manages
    with db.read() as connection:
        found = [Colleague(r.unit, r.id, r.name, r.role) for r in sql.colleagues(connection, viewer.units, now.today)]
        people = sorted(found, key=lambda p: (p.unit, alphabetical(p.name)))
        concerned = {viewer.account_id} | {p.account_id for p in people if p.unit in managed}
        rows = sql.named(connection, now.today, concerned)
    lines = tuple(_line(row, viewer, now) for row in rows if row.unit in managed or viewer.account_id in (row.account_id, row.deputy_id))
    return AbsencePage(lines, tuple(sorted(viewer.units)), tuple(sorted(managed)), tuple(people))


def name_deputy(db: Database, actor: Actor, form: Mapping[str, Any], *, now: Now) -> int:
    """Name a deputy. ``form``: unit, person (empty: oneself), deputy, from and to (ISO days). The number of the deputy.

    Raises `InvalidFields` naming every wrong field, `Refused` for who may not, and then nothing is saved.
    """
    _for_oneself(actor)
    wanted = _read(actor, form)
    with db.write() as connection:
        lock(connection)
        _allowed(actor, wanted)
        people = [r for r in sql.colleagues(connection, (wanted.unit,), now.today) if r.left_on is None or r.left_on > wanted.last]
        others = standing(connection, now.today)
        wrong = problems(wanted, others, colleagues={r.id for r in people}, today=now.today)
        if wrong:
            raise InvalidFields(wrong)
        values = {
            "account_id": wanted.account_id, "deputy_id": wanted.deputy_id, "unit": wanted.unit, "from_on": wanted.first,
            "to_on": wanted.last, "ended": False, "set_by": actor.account_id, "recorded_at": now.system,
        }  # fmt: skip
        made = sql.add(connection, values)
        note(connection, actor, "name-deputy", (Fact("people.deputy-named", {"deputy": made, **_told(wanted)}),), now)
    return made


def end_deputy(db: Database, actor: Actor, deputy_id: int, *, now: Now) -> None:
    """End a deputy before its last day: by the absent person, the deputy, who keeps the unit's people. Raises `NotFound` for all others."""
    _for_oneself(actor)
    with db.write() as connection:
        lock(connection)
        row = sql.one(connection, deputy_id)
        if row is None or not _may_end(row, actor):
            raise NotFound()
        end_all(connection, actor, [row], now)


def end_all(connection: Connection, actor: Actor, rows: Iterable[Any], now: Now) -> None:
    """End the deputies ``rows`` within the caller's transaction, under the office's lock; journaled where there are any."""
    ended = list(rows)
    if ended:
        sql.end(connection, [row.id for row in ended])
        facts = [Fact("people.deputy-ended", {"deputy": row.id, **_told(_absence(row))}) for row in ended]
        note(connection, actor, "end-deputy", facts, now)


def standing(connection: Connection, since: date) -> list[Absence]:
    """Every absence with a deputy that counts on ``since`` or later."""
    return [_absence(row) for row in sql.standing(connection, since)]


def _read(actor: Actor, form: Mapping[str, Any]) -> Absence:
    """The form as a value. Raises `InvalidFields` with everything that is missing or no value of its kind."""
    wrong: dict[str, Text] = {}
    fields = dict(form)
    values: dict[str, Any] = {"person": actor.account_id}
    readers: dict[str, Callable[[], object]] = {
        "unit": lambda: given.text(fields, "unit"),
        "deputy": lambda: given.whole(fields, "deputy", 0),
        "from": lambda: given.day(fields, "from"),
        "to": lambda: given.day(fields, "to"),
    }
    if form.get("person"):
        readers["person"] = lambda: given.whole(fields, "person", 0)
    for name in (n for n in FIELDS if n in readers):
        try:
            values[name] = readers[name]() if form.get(name) else None
        except Invalid as error:
            wrong[name] = error.text
        else:
            if not values[name]:
                wrong[name] = MISSING[name]
    if wrong:
        raise InvalidFields(wrong)
    return Absence(values["person"], values["deputy"], values["unit"], values["from"], values["to"])


MISSING = {
    "unit": Text("Chọn đơn vị.", "Choose the unit."),
    "person": Text("Chọn người vắng.", "Choose who is away."),
    "deputy": Text("Chọn người thay mặt.", "Choose the deputy."),
    "from": Text("Ghi ngày đầu.", "Give the first day."),
    "to": Text("Ghi ngày cuối.", "Give the last day."),
}


def _for_oneself(actor: Actor) -> None:
    if actor.represented_id is not None:
        raise Refused(
            Text("Đang thay mặt người khác thì không ủy quyền tiếp.", "Whoever acts for another names no deputy."),
            code="two-hops",
            hint=Text("Trở về làm việc của chính mình trước.", "Go back to acting for yourself first."),
        )


def _allowed(actor: Actor, wanted: Absence) -> None:
    if wanted.unit not in actor.units:
        raise InvalidFields({"unit": Text("Bạn không thuộc đơn vị này.", "You do not belong to this unit.")})
    if wanted.account_id != actor.account_id and wanted.unit not in actor.manages:
        raise InvalidFields(
            {"person": Text("Chỉ lãnh đạo hoặc quản trị đơn vị đặt thay cho người khác.", "Only the unit's head or administrator does so.")}
        )  # fmt: skip


def _may_end(row: Any, actor: Actor) -> bool:
    return actor.account_id in (row.account_id, row.deputy_id) or row.unit in actor.manages


def _line(row: Any, viewer: Actor, now: Now) -> DeputyLine:
    state = "now" if row.from_on <= now.today else "coming"
    return DeputyLine(
        row.id, row.unit, row.account_id, row.away, row.deputy_id, row.standing_in, row.from_on, row.to_on, state, _may_end(row, viewer)
    )  # fmt: skip


def _absence(row: Any) -> Absence:
    return Absence(row.account_id, row.deputy_id, row.unit, row.from_on, row.to_on)


def _told(absence: Absence) -> dict[str, Any]:
    return {
        "account": absence.account_id, "by": absence.deputy_id, "unit": absence.unit, "from": absence.first.isoformat(),
        "to": absence.last.isoformat(),
    }  # fmt: skip
