"""What the journal says became of every step, told again from its entries alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from engine.cycle_close import ACTIONS, Disposition
from engine.schedule import PlannedStep
from engine.statuses import WorkStatus
from services.checks.findings import Watch

S = WorkStatus
AMENDED = ("step.added", "step.removed", "step.restored")
BEHIND = timedelta(minutes=5)  # an instant is taken before the lock is waited for
BY_HAND = ("step.opened-early", "step.reopened")


def begin(watch: Watch, planned: Iterable[PlannedStep], steps: Sequence[RowMapping]) -> None:
    """Before the first entry: every step ``planned`` then waits, unless it lay behind when the workflow opened."""
    first = {(p.code, p.slot or ""): S.NOT_APPLICABLE if p.not_applicable else S.PRIOR if p.prior else S.WAITING for p in planned}
    watch.statuses = {s["id"]: first[s["code"], s["slot"]].value for s in steps if (s["code"], s["slot"]) in first}


def tell(watch: Watch, bodies: Iterable[dict[str, Any]], steps: Sequence[RowMapping]) -> set[int]:
    """Go on with the entries ``bodies``; the ids of the steps that they are about.

    The opening of a whole fan-out is one fact: which steps it meant stands in their ``opened_seq``.
    """
    about: set[int] = set()
    for body in bodies:
        own = body.get("step")
        if own is not None:
            about.add(own)
            if "after" in body:
                watch.statuses[own] = body["after"]["status"]
        about |= _closing(watch, body["action"], own, steps)
        for fact in body["facts"]:
            about |= _fact(watch, fact, body["seq"], own, steps)
    return about


def goes_back(watch: Watch, bodies: Iterable[dict[str, Any]]) -> Iterator[int]:
    """Numbers of the entries dated before the one in front of them, by more than who waits for a lock may be behind."""
    for body in bodies:
        at = datetime.fromisoformat(body["at"])
        if watch.at is not None and at < watch.at - BEHIND:
            yield body["seq"]
        watch.at = at


def _closing(watch: Watch, action: str, own: int | None, steps: Sequence[RowMapping]) -> set[int]:
    """What closing a cycle, or taking that back, carries over; both touch every step."""
    if action == ACTIONS[Disposition.CARRY] and own is not None:
        watch.carried.add(own)
    if action == "reopen-cycle":
        watch.carried.clear()
    return {s["id"] for s in steps} if action in ("close-cycle", "reopen-cycle") else set()


def _fact(watch: Watch, fact: dict[str, Any], seq: int, own: int | None, steps: Sequence[RowMapping]) -> set[int]:
    kind, one = fact["kind"], fact.get("step")
    if kind == "step.opened":
        ids = {one} if one is not None else {s["id"] for s in steps if s["code"] == fact["code"] and s["opened_seq"] == seq}
        watch.statuses |= dict.fromkeys(ids, S.OPEN.value)
        return ids
    if kind == "step.waiting-again" and one is not None:
        watch.statuses[one] = S.WAITING.value
        watch.by_hand.discard(one)
    elif kind in AMENDED:
        watch.statuses[fact["step"]] = fact.get("status", S.NOT_APPLICABLE.value)
    elif kind in BY_HAND and own is not None:
        watch.by_hand.add(own)
    return {one} if one is not None else set()
