"""Checks of people: who has left hears nothing, a deputy has no deputy, nobody acted on another's behalf without being the deputy, and who
handles a step belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from engine.instants import local_day
from services.checks.findings import Broken


def left_hear_nothing(rows: Iterable[Row[Any]]) -> Iterator[Broken]:
    """After the day on which somebody no longer worked here nothing was said to them. That day itself may have begun with mail."""
    for row in rows:
        if local_day(row.at) > row.left_on:
            yield Broken("left", f"account {row.id} left on {row.left_on} and was told something on {local_day(row.at)}")


def no_hop(deputies: Sequence[Row[Any]]) -> Iterator[Broken]:
    """Of those that stand, nobody is away and stands in on the same day."""
    standing = [row for row in deputies if not row.ended]
    absences = _by(standing, lambda row: row.account_id)
    for away in standing:
        for other in absences.get(away.deputy_id, ()):
            if other.from_on <= away.to_on and away.from_on <= other.to_on:
                yield Broken("deputies", f"account {away.deputy_id} stands in (deputy {away.id}) while away (deputy {other.id})")


def on_behalf(bodies: Iterable[dict[str, Any]], deputies: Sequence[Row[Any]]) -> Iterator[Broken]:
    """Every act on somebody's behalf was that of their deputy of the day."""
    pairs = _by(deputies, lambda row: (row.account_id, row.deputy_id))
    for body in bodies:
        if "for" not in body:
            continue
        day = local_day(datetime.fromisoformat(body["at"]))
        if not any(row.from_on <= day <= row.to_on for row in pairs.get((body["for"], body["account"]), ())):
            where = f"{body['stream']}:{body['seq']}"
            yield Broken("behalf", f"account {body['account']} acted for {body['for']} without being the deputy ({where})")


def strangers_handle_nothing(rows: Iterable[Row[Any]]) -> Iterator[Broken]:
    """Each of ``rows`` is a step whose handler does not work in its lead unit."""
    for row in rows:
        what = f"{row.code} {row.slot}: account {row.handler} handles it and does not work in {row.lead}"
        yield Broken("handlers", what, row.workflow_id, row.id)


def _by(rows: Iterable[Row[Any]], key: Callable[[Row[Any]], Hashable]) -> dict[Hashable, list[Row[Any]]]:
    """``rows`` grouped, so that looking one up does not cost all of them."""
    found: dict[Hashable, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
