"""What an action does to the steps after its own: letting them open, or taking that back. One statement however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Update, and_, bindparam, case, exists, or_, update

from models.tables import step


@dataclass(frozen=True, slots=True)
class Candidate:
    """Steps of ``code`` that may open: those of ``slots``, or all (None).

    ``own_chain``: codes of the same unit that must be passed as well. ``dates``: columns that become known by opening, if any.
    """

    code: str
    slots: tuple[str, ...] | None
    own_chain: tuple[str, ...] = ()
    dates: Mapping[str, Any] = field(default_factory=dict)


def open_waiting(
    connection: Connection, workflow_id: int, candidates: Sequence[Candidate], *, today: date, passed: tuple[str, ...],
    changes: dict[str, Any],
) -> list[Row[Any]]:  # fmt: skip
    """Open the waiting steps among ``candidates`` whose day has come; rows of (id, code, slot, due_version) by id.

    waiting -> open. One statement however many steps there are. ``changes``: what opening writes to each of them.
    """
    if not candidates:
        return []
    shape = tuple((_slots(c), c.own_chain, tuple(c.dates)) for c in candidates)
    values = {"workflow": workflow_id, "today": today, **{f"v_{name}": value for name, value in changes.items()}}
    for n, c in enumerate(candidates):
        values[f"c{n}_code"] = c.code
        values |= {f"c{n}_{name}": value for name, value in c.dates.items()}
        if c.slots is not None:
            values[f"c{n}_slot"] = c.slots[0] if len(c.slots) == 1 else list(c.slots)
    rows = connection.execute(_opening(tuple(changes), shape, passed), values)
    return sorted(rows, key=lambda row: int(row.id))


def _slots(candidate: Candidate) -> str:
    if candidate.slots is None:
        return "all"
    return "one" if len(candidate.slots) == 1 else "some"


@lru_cache(maxsize=256)
def _opening(names: tuple[str, ...], shape: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...], passed: tuple[str, ...]) -> Update:
    """Every arm of the OR names the whole key, so that each is one look in the index."""
    arms = [_arm(n, slots, own_chain, passed) for n, (slots, own_chain, _) in enumerate(shape)]
    values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in names}
    dated = {name: [n for n, (_, _, dates) in enumerate(shape) if name in dates] for _, _, names_ in shape for name in names_}
    for name, numbers in dated.items():
        cases = [(step.c.code == bindparam(f"c{n}_code"), bindparam(f"c{n}_{name}", type_=step.c[name].type)) for n in numbers]
        values[name] = case(*cases, else_=step.c[name]) if len(shape) > 1 else cases[0][1]
    if "due_on" in dated:
        counted = or_(*(step.c.code == bindparam(f"c{n}_code") for n in dated["due_on"]))
        values["due_version"] = step.c.due_version + (case((counted, 1), else_=0) if len(shape) > 1 else 1)
    day_has_come = or_(step.c.not_before.is_(None), step.c.not_before <= bindparam("today"))
    return (
        update(step)
        .where(step.c.status == "waiting", step.c.closed_on.is_(None), day_has_come, or_(*arms))
        .values({**values, "clock_holder": step.c.lead, "version": step.c.version + 1})
        .returning(step.c.id, step.c.code, step.c.slot, step.c.due_version)
    )


def _arm(n: int, slots: str, own_chain: tuple[str, ...], passed: tuple[str, ...]) -> ColumnElement[bool]:
    before = step.alias("before")
    conditions = [step.c.workflow_id == bindparam("workflow"), step.c.code == bindparam(f"c{n}_code")]
    if slots == "one":
        conditions.append(step.c.slot == bindparam(f"c{n}_slot"))
    elif slots == "some":
        conditions.append(step.c.slot.in_(bindparam(f"c{n}_slot", expanding=True)))
    for code in own_chain:
        blocked = and_(
            before.c.workflow_id == step.c.workflow_id, before.c.code == code, before.c.slot == step.c.slot, before.c.status.not_in(passed)
        )  # fmt: skip
        conditions.append(~exists().where(blocked))
    return and_(*conditions)


def take_back(connection: Connection, workflow_id: int, scope: Mapping[str, str | None]) -> list[Row[Any]]:
    """open -> waiting for steps that nobody touched, after what they depend on was reopened; rows of (id, code, slot) by id.

    ``scope``: step codes, each with the slot concerned or None for all.
    """
    untouched = and_(step.c.status == "open", step.c.accepted_by.is_(None), step.c.round == 0)
    nothing: dict[str, Any] = dict.fromkeys(("opened_on", "opened_at", "opened_seq", "clock_holder"))
    values = {"status": "waiting", "next_rung_at": step.c.due_at, **nothing}  # it becomes overdue by its date, open or not
    return _changed(connection, _in_scope(workflow_id, scope), untouched, values)


def flag(connection: Connection, workflow_id: int, scope: Mapping[str, str | None], *, unless: tuple[str, ...]) -> list[Row[Any]]:
    """Mark steps that went on although what they depend on was reopened; rows of (id, code, slot) by id. ``unless``: statuses."""
    return _changed(connection, _in_scope(workflow_id, scope), step.c.status.not_in(unless), {"flagged": True})


def _in_scope(workflow_id: int, scope: Mapping[str, str | None]) -> ColumnElement[bool]:
    arms = [step.c.code == code if slot is None else and_(step.c.code == code, step.c.slot == slot) for code, slot in scope.items()]
    return and_(step.c.workflow_id == workflow_id, or_(*arms))


def _changed(connection: Connection, scope: ColumnElement[bool], which: ColumnElement[bool], values: dict[str, Any]) -> list[Row[Any]]:
    statement = update(step).where(scope, which, step.c.closed_on.is_(None)).values({**values, "version": step.c.version + 1})
    return sorted(connection.execute(statement.returning(step.c.id, step.c.code, step.c.slot)), key=lambda row: int(row.id))
